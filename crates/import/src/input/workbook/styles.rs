//! Styles of cells: which of them are dates.

use std::collections::HashSet;

use anyhow::Result;
use quick_xml::events::BytesStart;

use super::attribute::attribute;

/// The styles of a workbook.
#[derive(Debug, Default)]
pub(super) struct Styles {
    /// Formats of the workbook that show a date.
    date_formats: HashSet<u32>,
    /// Whether each style is a date.
    dates: Vec<bool>,
    /// Whether the styles of cells are being read, which follow the named styles.
    of_cells: bool,
}

impl Styles {
    /// Takes the next element of the part.
    pub(super) fn add(&mut self, element: &BytesStart<'_>) -> Result<()> {
        let number = |name: &str| -> Result<Option<u32>> {
            Ok(attribute(element, name)?.and_then(|number| number.parse().ok()))
        };
        match element.local_name().as_ref() {
            "numFmt" => {
                let code = attribute(element, "formatCode")?.unwrap_or_default();
                if let Some(id) = number("numFmtId")?.filter(|_| shows_date(&code)) {
                    self.date_formats.insert(id);
                }
            }
            "cellXfs" => self.of_cells = true,
            "cellStyles" | "dxfs" => self.of_cells = false,
            "xf" if self.of_cells => {
                let id = number("numFmtId")?.unwrap_or_default();
                let is_date = matches!(id, 14..=17 | 22) || self.date_formats.contains(&id);
                self.dates.push(is_date);
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether cells of this style show a date.
    pub(super) fn is_date(&self, style: Option<&str>) -> bool {
        let index = style.and_then(|style| style.parse::<usize>().ok());
        index.and_then(|index| self.dates.get(index)).copied().unwrap_or(false)
    }
}

/// Whether a format shows days or years, outside of quoted texts and of brackets.
fn shows_date(code: &str) -> bool {
    let (mut quoted, mut bracketed) = (false, false);
    code.chars().any(|letter| {
        match letter {
            '"' => quoted = !quoted,
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ => {}
        }
        !quoted && !bracketed && matches!(letter.to_ascii_lowercase(), 'd' | 'y')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_show_dates_or_numbers() {
        assert!(shows_date("dd/mm/yyyy") && shows_date("[$-407]d. mmm"));
        assert!(!shows_date("0.00") && !shows_date("#,##0\" days\"") && !shows_date("[Red]0"));
    }
}
