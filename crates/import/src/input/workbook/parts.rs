//! The parts of a workbook: its first sheet, how dates are counted, styles.

use std::io::{BufReader, Read as _, Seek};

use anyhow::Result;
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use time::{OffsetDateTime, Time};
use zip::ZipArchive;

use super::{attribute::attribute, styles::Styles};

/// Maximum size of a part that is held in memory, in bytes.
const PART_LIMIT: u64 = 16 << 20;
/// Days from the beginning of Excel's calendars to 1970.
const DAYS_OF_1900: f64 = 25_569.0;
const DAYS_OF_1904: f64 = 24_107.0;
const SECONDS_OF_DAY: f64 = 86_400.0;

#[derive(Debug)]
pub(super) struct Parts {
    /// Name of the first sheet, for people.
    pub(super) name: String,
    /// Name of its part.
    pub(super) sheet: String,
    pub(super) styles: Styles,
    /// Whether days are counted from 1904.
    from_1904: bool,
}

impl Parts {
    pub(super) fn read<R: std::io::Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Self> {
        let mut parts = Self {
            name: "sheet1".to_owned(),
            sheet: "xl/worksheets/sheet1.xml".to_owned(),
            styles: Styles::default(),
            from_1904: false,
        };
        let mut first = None;
        elements(archive, "xl/workbook.xml", |element| {
            match element.local_name().as_ref() {
                "workbookPr" => {
                    let value = attribute(element, "date1904")?;
                    parts.from_1904 = value.is_some_and(|value| value == "1" || value == "true");
                }
                "sheet" if first.is_none() => {
                    parts.name = attribute(element, "name")?.unwrap_or_default();
                    first = Some(attribute(element, "id")?);
                }
                _ => {}
            }
            Ok(())
        })?;
        elements(archive, "xl/_rels/workbook.xml.rels", |element| {
            let is_first =
                first.as_ref().is_some_and(|id| attribute(element, "Id").ok() == Some(id.clone()));
            if is_first && let Some(target) = attribute(element, "Target")? {
                parts.sheet = match target.strip_prefix('/') {
                    Some(absolute) => absolute.to_owned(),
                    None => format!("xl/{target}"),
                };
            }
            Ok(())
        })?;
        elements(archive, "xl/styles.xml", |element| parts.styles.add(element))?;
        Ok(parts)
    }

    /// A day number as a date, with its time unless that is midnight; `None` beyond the year 9999.
    pub(super) fn date(&self, days: f64) -> Option<String> {
        let epoch = if self.from_1904 { DAYS_OF_1904 } else { DAYS_OF_1900 };
        let seconds = ((days - epoch) * SECONDS_OF_DAY).round() as i64;
        let moment = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
        let (date, time) = (moment.date(), moment.time());
        if time == Time::MIDNIGHT {
            return Some(date.to_string());
        }
        let (hour, minute, second) = time.as_hms();
        Some(format!("{date}T{hour:02}:{minute:02}:{second:02}"))
    }
}

/// Passes each element of a part to `take`; a part that is not there has none.
fn elements<R: std::io::Read + Seek>(
    archive: &mut ZipArchive<R>,
    name: &str,
    mut take: impl FnMut(&BytesStart<'_>) -> Result<()>,
) -> Result<()> {
    let Ok(part) = archive.by_name(name) else { return Ok(()) };
    let mut xml = Reader::from_reader(BufReader::new(part.take(PART_LIMIT)));
    let mut buffer = Vec::new();
    loop {
        match xml.read_event_into(&mut buffer)? {
            Event::Start(element) | Event::Empty(element) => take(&element)?,
            Event::Eof => return Ok(()),
            _ => {}
        }
        buffer.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates_in_both_calendars() {
        let mut parts = Parts {
            name: String::new(),
            sheet: String::new(),
            styles: Styles::default(),
            from_1904: false,
        };
        assert_eq!(parts.date(45_292.0).unwrap(), "2024-01-01");
        assert_eq!(parts.date(45_351.75).unwrap(), "2024-02-29T18:00:00");
        assert_eq!(parts.date(25_569.0).unwrap(), "1970-01-01");
        parts.from_1904 = true;
        assert_eq!(parts.date(43_830.0).unwrap(), "2024-01-01");
    }
}
