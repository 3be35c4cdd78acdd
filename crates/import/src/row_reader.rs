//! Reads the rows of a source, with the map that its columns need.

use anyhow::{Context as _, Result};

use crate::{
    field_map::FieldMap,
    input::{Format, Source},
    json_rows,
    named_products::NamedProducts,
    notes::Notes,
    parsed_row::ParsedRow,
    reading::{ReadOptions, ReadSummary, Reading},
    table_rows,
};

/// Reads the source to its end and passes each row to `emit`, until that returns false.
///
/// # Errors
/// If the source cannot be read, or its header is invalid.
pub fn read(
    source: Source,
    map: Option<&FieldMap>,
    options: &ReadOptions,
    mut emit: impl FnMut(ParsedRow) -> bool,
) -> Result<ReadSummary> {
    let (name, format) = (source.name.clone(), source.format);
    let mut reading = Reading {
        options,
        map,
        summary: ReadSummary { notes: source.notes.clone(), ..ReadSummary::default() },
        notes: Notes::default(),
    };
    let mut named = NamedProducts::default();
    let mut emit = |row: ParsedRow| {
        if options.collect_named {
            named.add(&row);
        }
        if row.line <= options.resume_after {
            return true;
        }
        let may_continue =
            (row.outcome.is_ok() && row.rejects.is_empty()) || !options.stop_at_reject;
        emit(row) && may_continue
    };
    match format {
        Format::Jsonl => json_rows::read(source, &mut reading, &mut emit),
        Format::Csv => table_rows::read(source, &mut reading, &mut emit),
    }
    .with_context(|| format!("reading {name}"))?;
    let Reading { mut summary, notes, .. } = reading;
    summary.notes.extend(notes.sentences());
    Ok(ReadSummary { named, ..summary })
}

#[cfg(test)]
mod tests {
    use std::{io::Cursor, path::Path};

    use proto::catalogue::v1::{ImportRow, RejectedRow};

    use super::*;
    use crate::{field_map, group::MAX_ROWS, input::OpenOptions};

    fn rows(text: &str, map: Option<&FieldMap>) -> (Vec<ImportRow>, Vec<RejectedRow>, ReadSummary) {
        let bytes = Cursor::new(text.as_bytes().to_vec());
        let source = Source::new(bytes, &OpenOptions::default(), "test".to_owned(), None).unwrap();
        collect(source, map)
    }

    fn collect(
        source: Source,
        map: Option<&FieldMap>,
    ) -> (Vec<ImportRow>, Vec<RejectedRow>, ReadSummary) {
        let (mut rows, mut rejects) = (Vec::new(), Vec::new());
        let seen = read(source, map, &ReadOptions::default(), |item| {
            match item.outcome {
                Ok(row) => rows.push(row),
                Err(error) => rejects.push(error.at(item.line)),
            }
            rejects.extend(item.rejects.into_iter().map(|reject| reject.error.at(reject.line)));
            true
        });
        (rows, rejects, seen.unwrap())
    }

    #[test]
    fn invalid_rows_are_rejected_by_line_and_the_others_kept() {
        let long = "x".repeat(1 << 20);
        let text = format!(
            "{{\"id\":\"1\",\"name\":\"a\"}}\n\n{{oops\n{{\"id\":\"2\",\"name\":\"{long}\"}}\n\
             {{\"id\":\"3\",\"name\":\"c\"}}"
        );
        let (rows, rejects, _) = rows(&text, None);
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 5]);
        let rejects: Vec<_> =
            rejects.iter().map(|each| (each.line, each.reason.as_str())).collect();
        assert_eq!(rejects, [(3, "MALFORMED_JSON"), (4, "ROW_TOO_LONG")]);
    }

    #[test]
    fn rows_after_a_line_are_read_up_to_the_first_invalid_one() {
        let lines = "{\"id\":\"1\",\"name\":\"a\"}\n{oops\n".repeat(3);
        let csv = "id,name\n1,a\n2\n3,c\n4\n5,d\n";
        for (text, resume_after, stop_at_reject, expected) in [
            (lines.as_str(), 2, true, &[3, 4][..]),
            (&lines, 4, false, &[5, 6]),
            (csv, 3, true, &[4, 5]),
            (csv, 4, false, &[5, 6]),
        ] {
            let bytes = Cursor::new(text.as_bytes().to_vec());
            let source =
                Source::new(bytes, &OpenOptions::default(), "test".to_owned(), None).unwrap();
            let mut given = Vec::new();
            let options = ReadOptions { resume_after, stop_at_reject, ..ReadOptions::default() };
            read(source, None, &options, |item| {
                given.push(item.line);
                true
            })
            .unwrap();
            assert_eq!(given, expected, "{text}");
        }
    }

    #[test]
    fn a_resumed_import_reads_its_rows_as_one_from_the_start() {
        let groups = "id,name,sku,price,currency\na,A,a1,1,EUR\nb,B,b1,1,EUR\na,Other,a2,1,EUR\n";
        let broken = "id,name,sku,price,currency\na,A,a1,cheap,EUR\na,A,a2,1,EUR\nb,B,b1,1,EUR\n";
        let aliases = "ID,Type,SKU,Name,Published,In stock?,Regular price,Parent,Attribute 1 name,\
                       Attribute 1 value(s)\n11,variable,mug,Mug,1,1,,,Size,\"S, M\"\n\
                       20,simple,cup,Cup,1,1,4,,,\n12,variation,mug-s,Mug S,1,1,5,id:11,Size,S\n";
        for text in [groups, broken, aliases] {
            let read_from = |resume_after| {
                let bytes = Cursor::new(text.as_bytes().to_vec());
                let source = Source::new(bytes, &OpenOptions::default(), "x".to_owned(), Some(1));
                let options = ReadOptions { resume_after, ..ReadOptions::default() };
                let mut read_rows = Vec::new();
                read(source.unwrap(), None, &options, |row| {
                    read_rows.push((row.line, row.outcome));
                    true
                })
                .unwrap();
                read_rows
            };
            let all = read_from(0);
            assert_eq!(all.len(), 3, "{text}");
            for resume_after in 2..5 {
                let mut rest = all.clone();
                rest.retain(|(line, _)| *line > resume_after);
                assert_eq!(read_from(resume_after), rest, "after {resume_after}: {text}");
            }
        }
    }

    #[test]
    fn attributes_have_the_kind_of_their_column() {
        let map = field_map::parse(
            "id = \"id\"\nname = \"name\"\nattributes = { also = [{ field = \"kg\", name = \"weight\" }], \
             packed = [{ field = \"more\" }] }",
        )
        .unwrap();
        let text = "id,name,kg,weight,more,more\n1,a,\"2,5\",heavy,weight=x,size=M\n\
                    2,b,\"1,299\",light,,colour=red\n";
        let (rows, rejects, _) = rows(text, Some(&map));
        assert_eq!(rejects, []);
        let shown: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                let attributes = &row.product.as_ref().unwrap().attributes;
                let shown = attributes
                    .iter()
                    .map(|each| field_map::packed_attributes(std::slice::from_ref(each)));
                shown.collect()
            })
            .collect();
        assert_eq!(shown[0], ["weight=2.5", "weight=x", "size=M"]);
        assert_eq!(shown[1], ["weight=1.299", "colour=red"]);
    }

    #[test]
    fn rejects_of_a_sheet_have_its_line_ends() {
        let mut book = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        book.start_file("xl/worksheets/sheet1.xml", options).unwrap();
        let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
        let row = |texts: [&str; 4]| format!("<row>{}</row>", texts.map(cell).concat());
        let sheet = row(["id", "description", "price", "currency"])
            + &row(["1", "two\nlines", "cheap", "EUR"]);
        let sheet = format!("<worksheet><sheetData>{sheet}</sheetData></worksheet>");
        std::io::Write::write_all(&mut book, sheet.as_bytes()).unwrap();
        let bytes = book.finish().unwrap().into_inner();
        let source =
            Source::new(Cursor::new(bytes), &OpenOptions::default(), "x".to_owned(), Some(1));
        // Statements about delimiters and quotes concern the files of others.
        let settings = field_map::Settings {
            delimiter: Some(';'),
            no_quotes: Some(true),
            ..field_map::Settings::default()
        };
        let options = ReadOptions { settings, ..ReadOptions::default() };
        let mut texts = Vec::new();
        read(source.unwrap(), None, &options, |row| {
            texts.extend(row.source_rows.into_iter().map(|(_, row)| row.to_json()));
            true
        })
        .unwrap();
        assert_eq!(texts, [r#""\"1\",\"two\nlines\",\"cheap\",\"EUR\"""#]);
    }

    #[test]
    fn corrected_rejects_are_imported() {
        let reject = |row: &str| {
            format!(
                "{{\"line\":7,\"reason\":\"R\",\"field\":\"\",\"message\":\"m\",\"row\":{row}}}\n"
            )
        };
        let text = [
            reject(r#"{"id":"1","name":"Mug","price":{"currencyCode":"EUR","units":"4"}}"#),
            reject(r#"{"id":"2","name":"Cup","price":"4.50","currency":"EUR","category":"A > B"}"#),
            reject(r#""{\"id\":\"3\"""#),
        ];
        let (mended, broken, _) = rows(&text.concat(), None);
        let products: Vec<_> = mended.into_iter().filter_map(|row| row.product).collect();
        assert_eq!((products[0].id.as_str(), products[1].id.as_str()), ("1", "2"));
        assert_eq!(products[1].category_paths[0].names, ["A", "B"]);
        assert_eq!(broken.len(), 1);
        assert_eq!((broken[0].line, broken[0].reason.as_str()), (3, "MALFORMED_JSON"));

        let map = field_map::parse("id = \"sku\"\nname = \"title\"").unwrap();
        let (mended, ..) = rows(&reject(r#"{"sku":"9","title":"Pen"}"#), Some(&map));
        assert_eq!(mended[0].product.as_ref().unwrap().name, "Pen");
    }

    #[test]
    fn a_csv_row_has_as_many_columns_as_its_header() {
        let (rows, rejects, _) = rows("id,name\n1,a\n2\n3,c,d\n4,\"d\ne\"\n5,f\n", None);
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 5, 7]);
        assert_eq!(rejects.iter().map(|each| each.line).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(rejects[0].message, "has 1 columns, the header has 2");
    }

    #[test]
    fn a_truncated_gzip_file_is_an_error_after_its_last_row() {
        use std::io::Write as _;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        packed.write_all(b"{\"id\":\"1\",\"name\":\"a\"}\n{\"id\":\"2\",").unwrap();
        let mut bytes = packed.finish().unwrap();
        bytes.truncate(bytes.len() - 10);
        let source =
            Source::new(Cursor::new(bytes), &OpenOptions::default(), "x.gz".to_owned(), None)
                .unwrap();
        let mut rows = 0;
        let error = read(source, None, &ReadOptions::default(), |_| {
            rows += 1;
            true
        });
        let error = format!("{:#}", error.unwrap_err());
        assert!(error.starts_with("reading x.gz: after line 1: "), "{error}");
        assert_eq!(rows, 1);
    }

    #[test]
    fn rows_of_a_product_are_bounded() {
        let rows_of = |id: &str, count: usize| {
            (0..count).map(|number| format!("{id},Mug,{id}-{number}\n")).collect::<String>()
        };
        let text = format!("id,name,sku\n{}{}", rows_of("a", MAX_ROWS + 2), rows_of("b", 2));
        let text = text.replace("\na,Mug,a-7\n", "\na,Mug,a-6\n");
        let (rows, rejects, _) = rows(&text, None);
        let counts = rows.iter().map(|row| row.product.as_ref().unwrap().variants.len());
        assert_eq!(counts.collect::<Vec<_>>(), [MAX_ROWS - 1, 2]);
        let rejects: Vec<_> =
            rejects.iter().map(|each| (each.line, each.reason.as_str())).collect();
        let last = MAX_ROWS as i64 + 2;
        let too_long = "PRODUCT_TOO_LONG";
        assert_eq!(rejects, [(9, "INVALID_FIELD"), (last, too_long), (last + 1, too_long)]);
    }

    #[test]
    fn a_mapped_field_that_no_row_has_is_reported() {
        let map = field_map::parse("id = \"id\"\nname = \"title\"\nbrand = \"maker\"").unwrap();
        let (_, _, seen) = rows("{\"id\":1,\"title\":\"a\"}\n{\"id\":2}\n", Some(&map));
        assert_eq!(seen.unused_fields.into_iter().collect::<Vec<_>>(), ["maker"]);
    }

    #[test]
    fn the_real_data_set_maps_without_a_reject() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = root.join("../../../shared/data/products.jsonl.gz");
        if !path.exists() {
            println!("skipped: {} is not here", path.display());
            return;
        }
        let text = std::fs::read_to_string(root.join("../../examples/icecat.toml")).unwrap();
        let map = field_map::parse(&text).unwrap();
        let (rows, rejects, seen) =
            collect(Source::open(&path, &OpenOptions::default()).unwrap(), Some(&map));
        assert_eq!(rejects, []);
        assert_eq!(rows.len(), 19_406);
        assert!(seen.unused_fields.is_empty(), "{:?}", seen.unused_fields);
        let products = || rows.iter().filter_map(|row| row.product.as_ref());
        let all_have = products().all(|product| {
            let price = product.price.as_ref();
            !product.name.is_empty()
                && !product.brand.is_empty()
                && price.is_some_and(|price| price.currency_code == "USD" && price.units >= 0)
                && product.image_urls.len() == 3
                && product.attributes.len() > 2
        });
        assert!(all_have);
        let with_path = products().filter(|product| !product.category_paths.is_empty()).count();
        assert_eq!(with_path, 17_804);
        let first = products().next().unwrap();
        let names: Vec<&str> = first.attributes.iter().map(|each| each.name.as_str()).collect();
        assert_eq!(names[..3], ["type", "ink_type", "printing_colours"]);
        assert_eq!(names[names.len() - 3..], ["model", "ean", "released"]);
    }
}
