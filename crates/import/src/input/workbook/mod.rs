//! Workbooks of Excel (Office Open XML, ECMA-376): the first sheet, as CSV.
//!
//! A sheet is read as a stream; only the shared strings are held in memory. Parts that a workbook lacks are done without:
//! its first sheet is then `sheet1.xml`.

mod attribute;
mod parts;
mod styles;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Seek as _, SeekFrom},
};

use anyhow::{Context as _, Result, bail};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::{
    SHEET_LINE_ENDS,
    container::{Limited, Limits, archive},
    item_reader::{ITEM_LIMIT, ItemReader},
};
use attribute::attribute;
use parts::Parts;

/// Maximum size of the shared strings, as XML and in memory, in bytes.
const STRINGS_LIMIT: usize = 256 << 20;
/// Memory of a shared string besides its letters, in bytes.
const STRING_SIZE: usize = 48;
/// Maximum number of columns and rows of a sheet (Excel's own).
const MAX_COLUMNS: usize = 16_384;
const MAX_ROWS: usize = 1_048_576;
const HINT: &str =
    "an Excel workbook that cannot be read here; save it in Excel as CSV UTF-8 and import that";

/// Writes the first sheet of a workbook as CSV to a temporary file within the limits. Returns the sheet's name, too.
///
/// # Errors
/// If the workbook cannot be read, or is larger.
pub(super) fn sheet(file: &File, limits: &Limits) -> Result<(File, String)> {
    let mut archive = archive(file).context(HINT)?;
    let parts = Parts::read(&mut archive).context(HINT)?;
    let strings = match archive.by_name("xl/sharedStrings.xml") {
        Ok(part) => {
            let part = Limited::new(part, &limits.with_bytes(STRINGS_LIMIT as u64));
            shared_strings(BufReader::new(part), STRINGS_LIMIT).context(HINT)?
        }
        Err(_none) => Vec::new(),
    };
    let part = archive.by_name(&parts.sheet).with_context(|| format!("{HINT}: it has no sheet"))?;
    let mut out = BufWriter::new(tempfile::tempfile().context("creating a temporary file")?);
    let (row, written, limit, cells) = (1, 0, limits.bytes, Vec::new());
    let mut sheet =
        Sheet { out: &mut out, row, written, limit, cells, letters: 0, strings, parts: &parts };
    sheet.copy(BufReader::new(Limited::new(part, limits))).context(HINT)?;
    let mut out = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    out.seek(SeekFrom::Start(0))?;
    Ok((out, parts.name))
}

/// A sheet that is being copied.
struct Sheet<'a, W> {
    out: &'a mut W,
    /// Number of the row that is being read, from 1.
    row: usize,
    /// Number of bytes written, which a few cells in far columns can make many.
    written: u64,
    /// Maximum of it.
    limit: u64,
    cells: Vec<String>,
    /// Length of their texts, in bytes.
    letters: usize,
    strings: Vec<Box<str>>,
    parts: &'a Parts,
}

impl<W: io::Write> Sheet<'_, W> {
    fn copy(&mut self, part: impl BufRead) -> Result<()> {
        let mut xml = Reader::from_reader(ItemReader::new(part));
        let mut buffer = Vec::new();
        loop {
            match xml.read_event_into(&mut buffer)? {
                Event::Start(start) if start.local_name().as_ref() == "row" => {
                    xml.get_mut().begin_item();
                    self.begin(&start)?
                }
                Event::Start(start) if start.local_name().as_ref() == "c" => {
                    let (at, kind) = (attribute(&start, "r")?, attribute(&start, "t")?);
                    let style = attribute(&start, "s")?;
                    let value = cell_value(&mut xml)?;
                    let text = self.text(&value, kind.as_deref(), style.as_deref());
                    let text = text.with_context(|| {
                        format!("cell {}", at.clone().unwrap_or_else(|| self.row.to_string()))
                    })?;
                    self.set(at.as_deref(), text)?;
                }
                Event::End(end) if end.local_name().as_ref() == "row" => self.end()?,
                Event::End(end) if end.local_name().as_ref() == "sheetData" => return Ok(()),
                Event::Empty(empty) if empty.local_name().as_ref() == "sheetData" => return Ok(()),
                Event::Eof => bail!("the sheet ends early, in row {}", self.row),
                _ => {}
            }
            buffer.clear();
        }
    }

    /// Begins a row; rows that the sheet leaves out are blank lines.
    fn begin(&mut self, start: &BytesStart<'_>) -> Result<()> {
        let number = attribute(start, "r")?.and_then(|number| number.parse::<usize>().ok());
        if number.unwrap_or(self.row) > MAX_ROWS {
            bail!("a row has the number {}, at most {MAX_ROWS}", number.unwrap_or(self.row));
        }
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
        // Many cells may share a long text.
        self.letters += text.len();
        if self.letters > ITEM_LIMIT {
            bail!("row {} has more than {} MiB", self.row, ITEM_LIMIT >> 20);
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.cells[column] = text;
        Ok(())
    }

    /// Writes the row as one line, so that lines are numbered as rows are: line ends within a cell
    /// become [`SHEET_LINE_ENDS`].
    fn end(&mut self) -> Result<()> {
        let length = self.cells.iter().map(|text| text.len() as u64 + 3).sum::<u64>();
        self.written += length + 1;
        if self.written > self.limit {
            bail!("the sheet unpacks to more than {} bytes", self.limit);
        }
        for (index, text) in self.cells.drain(..).enumerate() {
            if index > 0 {
                self.out.write_all(b",")?;
            }
            let marked = |text: String, (letter, mark): &(char, &str)| text.replace(*letter, mark);
            let text = SHEET_LINE_ENDS.iter().fold(text, marked);
            if !text.is_empty() {
                write!(self.out, "\"{}\"", text.replace('"', "\"\""))?;
            }
        }
        self.row += 1;
        self.letters = 0;
        self.out.write_all(b"\n")?;
        Ok(())
    }

    /// A cell as people read it: shared strings resolved, whole numbers without decimals, dates by
    /// ISO 8601.
    ///
    /// # Errors
    /// The workbook lacks a shared string.
    fn text(&self, value: &str, kind: Option<&str>, style: Option<&str>) -> Result<String> {
        Ok(match kind {
            Some("s") if value.is_empty() => String::new(),
            Some("s") => {
                let string = value.parse::<usize>().ok().and_then(|index| self.strings.get(index));
                let known = self.strings.len();
                let lacks = || format!("the workbook lacks its text: number {value} of {known}");
                string.with_context(lacks)?.to_string()
            }
            Some("b") => if value == "1" { "TRUE" } else { "FALSE" }.to_owned(),
            // A formula that failed has no value.
            Some("e") => String::new(),
            Some("inlineStr" | "str" | "d") => value.to_owned(),
            _ => match value.parse::<f64>() {
                Ok(number) if self.parts.styles.is_date(style) => {
                    self.parts.date(number).unwrap_or_else(|| value.to_owned())
                }
                // Every integer below 2^53 is exact.
                Ok(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
                    (number as i64).to_string()
                }
                Ok(number) => number.to_string(),
                Err(_) => value.to_owned(),
            },
        })
    }
}

/// Reads up to the end of a cell, after its start: its value or its text.
fn cell_value(xml: &mut Reader<impl BufRead>) -> Result<String> {
    let (mut text, mut inside, mut buffer) = (String::new(), false, Vec::new());
    loop {
        match xml.read_event_into(&mut buffer)? {
            Event::Start(start) => inside = matches!(start.local_name().as_ref(), "v" | "t"),
            Event::End(end) if end.local_name().as_ref() == "c" => return Ok(unescaped(text)),
            Event::End(_) => inside = false,
            event if inside => push(&event, &mut text),
            Event::Eof => bail!("the sheet ends within a cell"),
            _ => {}
        }
        buffer.clear();
    }
}

/// The texts that cells share, in their order, with at most `limit` bytes. Phonetic readings are left out.
fn shared_strings(part: impl BufRead, limit: usize) -> Result<Vec<Box<str>>> {
    let mut xml = Reader::from_reader(ItemReader::new(part));
    let (mut strings, mut text, mut buffer) = (Vec::new(), String::new(), Vec::new());
    let (mut inside, mut phonetic, mut size) = (false, false, 0);
    loop {
        match xml.read_event_into(&mut buffer)? {
            Event::Start(start) => match start.local_name().as_ref() {
                "si" => xml.get_mut().begin_item(),
                "t" => inside = !phonetic,
                "rPh" => phonetic = true,
                _ => {}
            },
            Event::Empty(empty) if empty.local_name().as_ref() == "si" => {
                strings.push(Box::from(""));
                size += STRING_SIZE;
            }
            Event::End(end) => match end.local_name().as_ref() {
                "si" => {
                    size += text.len() + STRING_SIZE;
                    strings.push(unescaped(std::mem::take(&mut text)).into_boxed_str());
                }
                "t" => inside = false,
                "rPh" => phonetic = false,
                _ => {}
            },
            Event::Eof => return Ok(strings),
            event if inside => push(&event, &mut text),
            _ => {}
        }
        if size > limit {
            bail!("its texts take more than {} MiB", limit >> 20);
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

/// The text with its escaped letters, such as `_x000D_` (ECMA-376, ST_Xstring).
fn unescaped(text: String) -> String {
    if !text.contains("_x") {
        return text;
    }
    let letter = |rest: &str| {
        let code = rest.get(..4).filter(|_| rest[4..].starts_with('_'))?;
        char::from_u32(u32::from_str_radix(code, 16).ok()?)
    };
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("_x") {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 2..];
        match letter(rest) {
            Some(letter) => {
                plain.push(letter);
                rest = &rest[5..];
            }
            None => plain.push_str("_x"),
        }
    }
    plain + rest
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
    use std::io::{Read as _, Write as _};

    fn sheet(file: &File) -> Result<(File, String)> {
        super::sheet(file, &Limits::default().with_bytes(1 << 20))
    }

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
        let lacking = cell.replace("\"str\"><v>a", "\"s\" r=\"B7\"><v>3");
        let error = sheet(&workbook(&[("xl/worksheets/sheet1.xml", &lacking)])).unwrap_err();
        assert!(format!("{error:#}").contains("cell B7: the workbook lacks"), "{error:#}");
        let error = sheet(&workbook(&[("xl/workbook.xml", "<workbook/>")])).unwrap_err();
        assert!(error.to_string().contains("save it in Excel as CSV UTF-8"), "{error}");
        for (damaged, says) in [
            (cell.replace("<row>", "<row r=\"1000000000\">"), "at most 1048576"),
            (cell.replace("</sheetData></worksheet>", ""), "ends early"),
        ] {
            let error = sheet(&workbook(&[("xl/worksheets/sheet1.xml", &damaged)])).unwrap_err();
            assert!(format!("{error:#}").contains(says), "{error:#}");
        }
        assert_eq!(
            unescaped("a_x000D_b_x005F_x0041_ _x12 _xZZZZ_".to_owned()),
            "a\rb_x0041_ _x12 _xZZZZ_"
        );
        assert_eq!((column("A1"), column("Z9"), column("AB12")), (0, 25, 27));
    }

    #[test]
    fn shared_strings_are_bounded_in_memory() {
        let part = format!("<sst>{}</sst>", "<si/><si><t>ab</t></si>".repeat(50));
        assert_eq!(shared_strings(part.as_bytes(), 50 * 98).unwrap().len(), 100);
        let error = shared_strings(part.as_bytes(), 50 * 98 - 1).unwrap_err();
        assert!(error.to_string().contains("its texts take more than"), "{error}");
    }
}
