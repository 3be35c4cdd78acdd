//! Workbooks of Excel (Office Open XML, ECMA-376): the first sheet, as CSV.
//!
//! A sheet is read as a stream; only the shared strings are held in memory. Parts that a workbook lacks are done without:
//! its first sheet is then `sheet1.xml`.

mod attribute;
mod parts;
mod styles;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Read as _, Seek as _, SeekFrom},
};

use anyhow::{Context as _, Result, bail};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use zip::ZipArchive;

use super::SHEET_LINE_END;
use attribute::attribute;
use parts::Parts;

/// Maximum size of the shared strings, in bytes.
const STRINGS_LIMIT: u64 = 256 << 20;
/// Maximum number of columns of a sheet (Excel's own).
const MAX_COLUMNS: usize = 16_384;
const HINT: &str =
    "an Excel workbook that cannot be read here; save it in Excel as CSV UTF-8 and import that";

/// Writes the first sheet of a workbook as CSV to a temporary file. Returns the sheet's name, too.
///
/// # Errors
/// If the workbook cannot be read.
pub(super) fn sheet(file: &File) -> Result<(File, String)> {
    let mut archive = ZipArchive::new(BufReader::new(file.try_clone()?)).context(HINT)?;
    let parts = Parts::read(&mut archive).context(HINT)?;
    let strings = match archive.by_name("xl/sharedStrings.xml") {
        Ok(part) => shared_strings(BufReader::new(part.take(STRINGS_LIMIT))).context(HINT)?,
        Err(_none) => Vec::new(),
    };
    let part = archive.by_name(&parts.sheet).with_context(|| format!("{HINT}: it has no sheet"))?;
    let mut out = BufWriter::new(tempfile::tempfile().context("creating a temporary file")?);
    let mut sheet = Sheet { out: &mut out, row: 1, cells: Vec::new(), strings, parts: &parts };
    sheet.copy(BufReader::new(part)).context(HINT)?;
    let mut out = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    out.seek(SeekFrom::Start(0))?;
    Ok((out, parts.name))
}

/// A sheet that is being copied.
struct Sheet<'a, W> {
    out: &'a mut W,
    /// Number of the row that is being read, from 1.
    row: usize,
    cells: Vec<String>,
    strings: Vec<Box<str>>,
    parts: &'a Parts,
}

impl<W: io::Write> Sheet<'_, W> {
    fn copy(&mut self, part: impl BufRead) -> Result<()> {
        let mut xml = Reader::from_reader(part);
        let mut buffer = Vec::new();
        loop {
            match xml.read_event_into(&mut buffer)? {
                Event::Start(start) if start.local_name().as_ref() == "row" => {
                    self.begin(&start)?
                }
                Event::Start(start) if start.local_name().as_ref() == "c" => {
                    let (at, kind) = (attribute(&start, "r")?, attribute(&start, "t")?);
                    let style = attribute(&start, "s")?;
                    let value = cell_value(&mut xml)?;
                    let text = self.text(&value, kind.as_deref(), style.as_deref());
                    self.set(at.as_deref(), text)?;
                }
                Event::End(end) if end.local_name().as_ref() == "row" => self.end()?,
                Event::Eof => return Ok(()),
                _ => {}
            }
            buffer.clear();
        }
    }

    /// Begins a row; rows that the sheet leaves out are blank lines.
    fn begin(&mut self, start: &BytesStart<'_>) -> Result<()> {
        let number = attribute(start, "r")?.and_then(|number| number.parse::<usize>().ok());
        while number.is_some_and(|number| self.row < number) {
            self.end()?;
        }
        Ok(())
    }

    fn set(&mut self, at: Option<&str>, text: String) -> Result<()> {
        let column = at.map_or(self.cells.len(), column);
        if column >= MAX_COLUMNS {
            bail!("a cell is in column {column}");
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.cells[column] = text;
        Ok(())
    }

    /// Writes the row as one line, so that lines are numbered as rows are: line ends within a cell
    /// become [`SHEET_LINE_END`].
    fn end(&mut self) -> io::Result<()> {
        for (index, text) in self.cells.drain(..).enumerate() {
            if index > 0 {
                self.out.write_all(b",")?;
            }
            let text = text.replace("\r\n", "\n").replace(['\n', '\r'], SHEET_LINE_END);
            if !text.is_empty() {
                write!(self.out, "\"{}\"", text.replace('"', "\"\""))?;
            }
        }
        self.row += 1;
        self.out.write_all(b"\n")
    }

    /// A cell as people read it: shared strings resolved, whole numbers without decimals, dates by
    /// ISO 8601.
    fn text(&self, value: &str, kind: Option<&str>, style: Option<&str>) -> String {
        match kind {
            Some("s") => {
                let string = value.parse::<usize>().ok().and_then(|index| self.strings.get(index));
                string.map(ToString::to_string).unwrap_or_default()
            }
            Some("b") => if value == "1" { "TRUE" } else { "FALSE" }.to_owned(),
            // A formula that failed has no value.
            Some("e") => String::new(),
            Some("inlineStr" | "str" | "d") => value.to_owned(),
            _ => match value.parse::<f64>() {
                Ok(number) if self.parts.styles.is_date(style) => self.parts.date(number),
                // Every integer below 2^53 is exact.
                Ok(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
                    (number as i64).to_string()
                }
                Ok(number) => number.to_string(),
                Err(_) => value.to_owned(),
            },
        }
    }
}

/// Reads up to the end of a cell whose start was read: its value or its text.
fn cell_value(xml: &mut Reader<impl BufRead>) -> Result<String> {
    let (mut text, mut inside, mut buffer) = (String::new(), false, Vec::new());
    loop {
        match xml.read_event_into(&mut buffer)? {
            Event::Start(start) => inside = matches!(start.local_name().as_ref(), "v" | "t"),
            Event::End(end) if end.local_name().as_ref() == "c" => return Ok(text),
            Event::End(_) => inside = false,
            event if inside => push(&event, &mut text),
            Event::Eof => bail!("the sheet ends within a cell"),
            _ => {}
        }
        buffer.clear();
    }
}

/// The texts that cells share, in their order. Phonetic readings are left out.
fn shared_strings(part: impl BufRead) -> Result<Vec<Box<str>>> {
    let mut xml = Reader::from_reader(part);
    let (mut strings, mut text, mut buffer) = (Vec::new(), String::new(), Vec::new());
    let (mut inside, mut phonetic) = (false, false);
    loop {
        match xml.read_event_into(&mut buffer)? {
            Event::Start(start) => match start.local_name().as_ref() {
                "t" => inside = !phonetic,
                "rPh" => phonetic = true,
                _ => {}
            },
            Event::Empty(empty) if empty.local_name().as_ref() == "si" => {
                strings.push(Box::from(""));
            }
            Event::End(end) => match end.local_name().as_ref() {
                "si" => strings.push(std::mem::take(&mut text).into_boxed_str()),
                "t" => inside = false,
                "rPh" => phonetic = false,
                _ => {}
            },
            Event::Eof => return Ok(strings),
            event if inside => push(&event, &mut text),
            _ => {}
        }
        buffer.clear();
    }
}

fn push(event: &Event<'_>, text: &mut String) {
    match event {
        Event::Text(part) => text.push_str(part.as_ref()),
        Event::CData(part) => text.push_str(part.as_ref()),
        Event::GeneralRef(name) => {
            text.push_str(&super::xml::entity(name.as_ref()).unwrap_or_default());
        }
        _ => {}
    }
}

/// The column of a reference such as `AB12`, from 0.
fn column(reference: &str) -> usize {
    let letters = reference.bytes().take_while(u8::is_ascii_uppercase).take(4);
    let number = letters.fold(0, |number, letter| number * 26 + usize::from(letter - b'A') + 1);
    number.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn workbook(parts: &[(&str, &str)]) -> File {
        let mut archive = zip::ZipWriter::new(tempfile::tempfile().unwrap());
        for (name, text) in parts {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap()
    }

    fn read(parts: &[(&str, &str)]) -> (String, String) {
        let (mut sheet, name) = sheet(&workbook(parts)).unwrap();
        let mut text = String::new();
        sheet.read_to_string(&mut text).unwrap();
        (text, name)
    }

    #[test]
    fn the_first_sheet_is_read_as_people_see_it() {
        let (text, name) = read(&[
            (
                "xl/workbook.xml",
                r#"<workbook><sheets><sheet name="Liste" sheetId="1" r:id="rId7"/>
                <sheet name="Other" r:id="rId1"/></sheets></workbook>"#,
            ),
            (
                "xl/_rels/workbook.xml.rels",
                r#"<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>
                <Relationship Id="rId7" Target="/xl/worksheets/sheet2.xml"/></Relationships>"#,
            ),
            (
                "xl/styles.xml",
                r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>
                <cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>"#,
            ),
            (
                "xl/sharedStrings.xml",
                r#"<sst><si><t>id</t></si><si><r><t>Caf</t></r><r><t>é &amp; Bar</t></r></si></sst>"#,
            ),
            (
                "xl/worksheets/sheet2.xml",
                r#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is>
                <t>x "y"</t></is></c></row><row r="3"><c r="A3"><v>4006381333931</v></c><c r="B3" t="s"><v>1</v></c>
                <c r="C3" s="1"><v>45292</v></c><c r="D3"><v>2.5</v></c><c r="E3" t="b"><v>1</v></c></row></sheetData></worksheet>"#,
            ),
        ]);
        assert_eq!(name, "Liste");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], r#""id",,"x ""y""""#);
        assert_eq!(lines[1], "", "row 2 is not in the sheet");
        assert_eq!(lines[2], r#""4006381333931","Café & Bar","2024-01-01","2.5","TRUE""#);
    }

    #[test]
    fn a_workbook_may_lack_parts_but_not_its_sheet() {
        let cell =
            r#"<worksheet><sheetData><row><c t="str"><v>a</v></c></row></sheetData></worksheet>"#;
        assert_eq!(read(&[("xl/worksheets/sheet1.xml", cell)]).0, "\"a\"\n");
        let error = sheet(&workbook(&[("xl/workbook.xml", "<workbook/>")])).unwrap_err();
        assert!(error.to_string().contains("save it in Excel as CSV UTF-8"), "{error}");
        assert_eq!((column("A1"), column("Z9"), column("AB12")), (0, 25, 27));
    }
}
