//! Guesses a map for an unknown file, from the names of its columns and their first values.

use std::{collections::BTreeMap, fmt::Write as _};

use anyhow::{Result, bail};
use serde_json::{Map as Object, Value as Json};

use crate::{
    field_map::{SHIPPED, Samples, Settings, parse, recognise},
    input::{Format, Source},
    names::normalize,
    native_table,
    reading::Weights,
    table::{Dialect, Header, TableOptions},
};

/// A field, and names that columns for it have, normalized, the surest first.
type Names = (&'static str, &'static [&'static str]);

#[rustfmt::skip]
const FIELDS: [Names; 13] = [
    ("id", &["id", "productid", "handle", "itemid", "sku", "artikelnummer", "artikelnr", "artnr", "itemno", "itemnumber", "productcode", "articleno", "partnumber", "reference", "referencia", "reference", "ref", "code", "codigo", "modelnumber"]),
    ("name", &["name", "title", "productname", "producttitle", "itemname", "bezeichnung", "artikelbezeichnung", "artikelname", "produktname", "designation", "titre", "titel", "nom", "nombre", "titolo", "nome"]),
    ("description", &["description", "longdescription", "beschreibung", "langtext", "descripcion", "descrizione", "bodyhtml", "details"]),
    ("brand", &["brand", "manufacturer", "vendor", "maker", "hersteller", "marke", "marque", "marca", "fabricant"]),
    ("price", &["price", "sellingprice", "retailprice", "unitprice", "regularprice", "preis", "verkaufspreis", "vkpreis", "vk", "prix", "precio", "prezzo", "listprice", "cost"]),
    ("currency", &["currency", "currencycode", "waehrung", "w\u{e4}hrung", "devise", "moneda", "valuta"]),
    ("stock_qty", &["stockqty", "stock", "quantity", "qty", "inventory", "inventoryquantity", "onhand", "bestand", "lagerbestand", "lager", "menge", "existencias"]),
    ("category_path", &["category", "categories", "categorypath", "producttype", "kategorie", "warengruppe", "categorie", "cat\u{e9}gorie", "categoria", "department"]),
    ("labels", &["labels", "tags", "keywords", "stichworte", "schlagworte", "etiquetas"]),
    ("status", &["status", "published", "active", "enabled", "aktiv", "visible"]),
    ("image_urls", &["imageurls", "images", "image", "imageurl", "picture", "pictures", "imagelink", "photo", "bild", "bildurl", "bilder", "imagen"]),
    ("sku", &["sku", "variantsku", "itemsku"]),
    ("gtin", &["gtin", "ean", "ean13", "eancode", "barcode", "upc", "gtin13"]),
];

/// Prints a map for the source, with comments on open points. `settings` are the user's.
///
/// # Errors
/// If the source has neither columns nor fields.
pub fn guess(source: &Source, settings: &Settings) -> Result<String> {
    let samples = match source.format {
        Format::Csv => table(source, settings)?,
        Format::Jsonl => fields(&source.head),
    };
    let columns: Vec<String> = samples.fields.iter().map(|(name, _)| name.clone()).collect();
    if columns.is_empty() {
        bail!("{}: there are no columns to guess by", source.name);
    }
    if let Some((system, _)) = recognise(columns.iter().map(String::as_str)) {
        let (_, text) = SHIPPED.iter().find(|(name, _)| *name == system).unwrap_or(&SHIPPED[0]);
        return Ok(format!("# The columns are those of {system}, which need no map.\n{text}"));
    }
    if source.format == Format::Csv && native_table::columns(&columns).is_ok() {
        return Ok("# The columns are fields of a product and need no map.\n".to_owned());
    }
    Ok(map(&columns, &samples))
}

fn table(source: &Source, settings: &Settings) -> Result<Samples> {
    let options = TableOptions::new(settings, source.is_sheet);
    let weights = Weights::of(None);
    let dialect = Dialect::detect(&source.head, options, |name| weights.of_name(name));
    let header = Header::new(dialect.header(&source.head), Vec::new())?;
    Ok(header.samples(&dialect.rows(&source.head)))
}

/// The fields of the first object.
fn fields(head: &str) -> Samples {
    let first = head.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let object: Object<String, Json> = serde_json::from_str(first).unwrap_or_default();
    let text = |value: Json| value.as_str().map(str::to_owned).into_iter().collect();
    let fields = object.into_iter().map(|(name, value)| (name, text(value))).collect();
    Samples { fields, are_texts: false }
}

type Found<'a> = BTreeMap<&'static str, &'a String>;

fn map(columns: &[String], samples: &Samples) -> String {
    let normal: Vec<String> = columns.iter().map(|column| normalize(column)).collect();
    let find = |names: &[&str]| {
        let find = |name: &&str| normal.iter().position(|column| column == name);
        names.iter().find_map(find).map(|index| &columns[index])
    };
    let found = FIELDS.iter().filter_map(|(field, names)| Some((*field, find(names)?)));
    let mut found: Found<'_> = found.collect();
    // A list of prices or of stock names variants; a new product would have a name.
    let is_by_variant = is_by_variant(&found);
    if is_by_variant {
        found.remove("id");
    }
    let first_value = |column: &String| {
        let field = samples.fields.iter().find(|(name, _)| name == column);
        let mut values = field.into_iter().flat_map(|(_, values)| values);
        values.next().map(|text| text.trim()).unwrap_or_default()
    };
    let (mut text, mut variant) = (String::new(), String::new());
    for (field, _) in FIELDS {
        let Some(column) = found.get(field) else { continue };
        match field {
            "currency" => {}
            "price" | "stock_qty" if is_by_variant => {
                let rule = rule(field, column, &found, first_value(column));
                writeln!(variant, "{field} = {rule}").ok();
            }
            "sku" | "gtin" if found.get("id") == Some(column) => {}
            "sku" | "gtin" => {
                writeln!(variant, "{field} = {}", quoted(column)).ok();
            }
            field => {
                writeln!(text, "{field} = {}", rule(field, column, &found, first_value(column)))
                    .ok();
            }
        }
    }
    let is_used = |column: &&String| found.values().any(|used| used == column);
    let rest: Vec<&str> = columns.iter().filter(|c| !is_used(c)).map(String::as_str).collect();
    if is_by_variant && !rest.is_empty() {
        writeln!(text, "# Columns that are not read: {}.", rest.join(", ")).ok();
    } else if !rest.is_empty() {
        text.push_str("# Columns that no field is known for become attributes.\n");
        text.push_str("attributes = { rest = true }\n");
    }
    if !variant.is_empty() {
        write!(text, "\n[variant]\n{variant}").ok();
    }
    format!("{}{text}", open_points(&text, &found, &rest))
}

/// Whether a row is of a variant, by its SKU, as in a list of prices or of stock.
fn is_by_variant(found: &Found<'_>) -> bool {
    let (id, sku) = (found.get("id"), found.get("sku"));
    !found.contains_key("name") && sku.is_some() && id.is_none_or(|id| Some(id) == sku)
}

/// The rule for a field, in TOML.
fn rule(field: &str, column: &str, found: &Found<'_>, value: &str) -> String {
    let source = quoted(column);
    match (field, found.get("currency"), separator(field, value)) {
        ("price", Some(currency), _) => {
            format!("{{ amount = {source}, currency = {} }}", quoted(currency))
        }
        (_, _, Some(separator)) => format!("{{ field = {source}, split = {} }}", quoted(separator)),
        _ => source,
    }
}

fn quoted(text: &str) -> String {
    Json::String(text.to_owned()).to_string()
}

/// Comments on the open points of the map.
fn open_points(map: &str, found: &Found<'_>, rest: &[&str]) -> String {
    let mut open = String::new();
    for field in ["id", "name"] {
        if !found.contains_key(field) && !is_by_variant(found) {
            let columns = rest.join(", ");
            writeln!(open, "# Open: no column is known for {field}. Columns: {columns}").ok();
        }
    }
    if found.contains_key("price") && !found.contains_key("currency") {
        let rule = "unless the map has `currency = \"...\"`";
        writeln!(open, "# Open: prices without a currency are read as EUR, {rule}.").ok();
    }
    if let Err(error) = parse(map) {
        writeln!(open, "# Open: this map cannot be used yet: {error:#}").ok();
    }
    open
}

/// The separator of the items of a list.
fn separator(field: &str, value: &str) -> Option<&'static str> {
    let candidates: &[&str] = match field {
        "category_path" => &[">", "|", "/", "\\"],
        "image_urls" | "labels" => &["|", ";", ","],
        _ => &[],
    };
    candidates.iter().copied().find(|separator| value.contains(*separator))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::input::OpenOptions;

    fn guessed(text: &str) -> String {
        let bytes = Cursor::new(text.as_bytes().to_vec());
        let source = Source::new(bytes, &OpenOptions::default(), "test".to_owned(), Some(1));
        guess(&source.unwrap(), &Settings::default()).unwrap()
    }

    #[test]
    fn a_guess_reads_the_file_as_the_user_says() {
        let text = "Liste;2026\nArtNr:Name:Warengruppe\n1:a;b:Haus / Bad\n";
        let source =
            Source::new(Cursor::new(text), &OpenOptions::default(), "x".to_owned(), Some(1));
        let settings =
            Settings { delimiter: Some(':'), header_line: Some(2), ..Settings::default() };
        let map = guess(&source.unwrap(), &settings).unwrap();
        assert!(map.contains("id = \"ArtNr\"") && map.contains("split = \"/\""), "{map}");
    }

    #[test]
    fn a_table_wider_than_a_sheet_is_refused() {
        let names: Vec<String> = (0..50_000).map(|number| format!("c{number}")).collect();
        let text = format!("{0}\n{0}\n", names.join(","));
        let source =
            Source::new(Cursor::new(text), &OpenOptions::default(), "x".to_owned(), Some(1));
        let error = guess(&source.unwrap(), &Settings::default()).unwrap_err().to_string();
        assert!(error.contains("more than 16384 columns"), "{error}");
    }

    #[test]
    fn columns_without_a_name_shift_no_values() {
        let map = guessed("ArtNr,,Bezeichnung,Warengruppe\n1,x > y,Tasse,Haus | Bad\n");
        assert!(map.contains("split = \"|\""), "{map}");
    }

    #[test]
    fn a_guessed_map_works_or_says_what_is_open() {
        let text = "ArtNr;Bezeichnung;Hersteller;VK-Preis;Bestand;EAN;Warengruppe;Farbe\n\
                    1;Tasse;Olmo;4,50;3;4006381333931;Haus > Bad;rot\n";
        let map = guessed(text);
        parse(&map).unwrap();
        for line in [
            "id = \"ArtNr\"",
            "name = \"Bezeichnung\"",
            "price = \"VK-Preis\"",
            "split = \">\"",
            "gtin = \"EAN\"",
            "rest = true",
            "without a currency",
        ] {
            assert!(map.contains(line), "{line} in {map}");
        }
        assert!(guessed("x,y\n1,2\n").contains("# Open: no column is known for id"));
        assert!(guessed("Handle,Title,Option1 Value,Variant SKU\na,b,c,d\n").contains("Shopify"));
        let map = guessed("SKU;Bestand;Notiz\nA;2;x\n");
        assert!(map.contains("[variant]\nstock_qty = \"Bestand\"\nsku = \"SKU\"\n"), "{map}");
        assert!(!map.contains("# Open"), "{map}");
        assert!(guessed("id,name\n1,a\n").contains("need no map"));
        assert!(guessed("[{\"title\":\"a\",\"sku\":\"b\",\"x\":1}]").contains("id = \"sku\""));
    }
}
