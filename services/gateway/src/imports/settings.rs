//! Settings of an import, as its client states them: in the query, or in the fields of a form.

use std::path::Path;

use import::{
    Decimal, FieldMap, Format, MissingAction, MissingLimit, MissingPolicy, OpenOptions, Settings,
};
use product_fields::json_name;
use proto::catalogue::v1::{
    ImportOptions, ImportParameter,
    import_options::{Mode, OnError},
};

use crate::{
    parameter::{flag, named},
    problem::Problem,
};

/// Maximum length of a field map, in bytes: a text of some pages.
pub(super) const MAX_VALUE: usize = 64 << 10;
/// Maximum length of the other values, in bytes.
const MAX_SHORT_VALUE: usize = 4 << 10;
/// Maximum length of a file's name, in characters.
const MAX_NAME: usize = 200;

/// The names of all parameters.
pub(crate) const PARAMETERS: [&str; 23] = [
    "mode",
    "dryRun",
    "guess",
    "setStock",
    "force",
    "onError",
    "missing",
    "missingLimit",
    "missingWithin",
    "map",
    "format",
    "encoding",
    "delimiter",
    "headerLine",
    "quotes",
    "records",
    "decimal",
    "currency",
    "html",
    "cut",
    "fileName",
    "url",
    "fileOf",
];
/// How many times larger than the largest file a file may be unpacked.
const MAX_EXPANSION: u64 = 4;

/// How a file is read and imported: the options of `catctl import`.
#[derive(Debug, Clone)]
pub(super) struct ImportSettings {
    pub(super) file_name: String,
    pub(super) url: Option<String>,
    /// The import whose file is imported again.
    pub(super) file_of: Option<String>,
    pub(super) dry_run: bool,
    /// Only a map is guessed.
    pub(super) guess: bool,
    pub(super) stop_at_reject: bool,
    pub(super) missing: MissingPolicy,
    pub(super) map: Option<FieldMap>,
    /// The map as it was given.
    pub(super) map_text: String,
    /// The other parameters as they were given, without where the file is.
    pub(super) parameters: Vec<ImportParameter>,
    /// Statements about the file.
    pub(super) statements: Settings,
    set_stock: bool,
    force: bool,
    mode: Mode,
    format: Option<Format>,
}

impl Default for ImportSettings {
    fn default() -> Self {
        Self {
            file_name: String::new(),
            url: None,
            file_of: None,
            dry_run: false,
            guess: false,
            stop_at_reject: false,
            missing: MissingPolicy {
                action: MissingAction::Keep,
                limit: MissingLimit::Percent(10),
                within: String::new(),
            },
            map: None,
            map_text: String::new(),
            parameters: Vec::new(),
            statements: Settings::default(),
            set_stock: false,
            force: false,
            mode: Mode::Upsert,
            format: None,
        }
    }
}

impl ImportSettings {
    /// Sets a parameter.
    ///
    /// # Errors
    /// 400 for an unknown parameter, or an invalid value.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<(), Problem> {
        let invalid = |rule: String| Problem::invalid(name, rule);
        let name = json_name(name);
        // HTML forms send empty fields, too.
        if value.is_empty() {
            return match PARAMETERS.contains(&name.as_str()) {
                true => Ok(()),
                false => Err(unknown(&name)),
            };
        }
        if name != "map" && value.len() > MAX_SHORT_VALUE {
            return Err(invalid(format!("must be at most {MAX_SHORT_VALUE} bytes")));
        }
        match name.as_str() {
            "mode" => self.mode = mode(value).map_err(invalid)?,
            "dryRun" => self.dry_run = flag(value).map_err(invalid)?,
            "guess" => self.guess = flag(value).map_err(invalid)?,
            "setStock" => self.set_stock = flag(value).map_err(invalid)?,
            "force" => self.force = flag(value).map_err(invalid)?,
            "onError" => {
                self.stop_at_reject = choice(value, &["skip", "stop"]).map_err(invalid)? == 1;
            }
            "missing" => self.missing.action = named(value).map_err(invalid)?,
            "missingLimit" => self.missing.limit = value.parse().map_err(invalid)?,
            "missingWithin" => value.clone_into(&mut self.missing.within),
            "map" => {
                self.map = map(value).map_err(invalid)?;
                value.clone_into(&mut self.map_text);
            }
            "fileOf" => self.file_of = Some(value.to_owned()),
            "fileName" => self.name_file(value),
            "url" => self.url = Some(value.to_owned()),
            _ => self.state(&name, value)?,
        }
        if !["map", "fileName", "url", "fileOf"].contains(&name.as_str()) {
            self.parameters.retain(|other| other.name != name);
            self.parameters.push(ImportParameter { name, value: value.to_owned() });
        }
        Ok(())
    }

    /// Sets a statement about the file.
    fn state(&mut self, name: &str, value: &str) -> Result<(), Problem> {
        let invalid = |rule: String| Problem::invalid(name, rule);
        let said = &mut self.statements;
        match name {
            "format" => self.format = Some(named(value).map_err(invalid)?),
            "encoding" => said.encoding = Some(value.to_owned()),
            "delimiter" => said.delimiter = Some(delimiter(value).map_err(invalid)?),
            "headerLine" => said.header_line = Some(line(value).map_err(invalid)?),
            "quotes" => {
                let quotes = choice(value, &["double", "none"]).map_err(invalid)?;
                said.no_quotes = Some(quotes == 1);
            }
            "records" => said.records = Some(value.to_owned()),
            "decimal" => said.decimal = Some(named::<Decimal>(value).map_err(invalid)?),
            "currency" => said.currency = Some(currency(value).map_err(invalid)?),
            "html" => {
                said.keep_html = Some(choice(value, &["text", "keep"]).map_err(invalid)? == 1);
            }
            "cut" => said.cut = Some(flag(value).map_err(invalid)?),
            _ => return Err(unknown(name)),
        }
        Ok(())
    }

    /// Sets the name of the file, without its folder.
    pub(super) fn name_file(&mut self, name: &str) {
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        self.file_name = name.chars().filter(|it| !it.is_control()).take(MAX_NAME).collect();
    }

    /// Whether nothing is stored.
    pub(super) fn is_rehearsal(&self) -> bool {
        self.dry_run || self.guess
    }

    /// Statements about the file, also those of its map.
    pub(super) fn said(&self) -> Settings {
        let said = self.map.as_ref().map(|map| map.settings.clone()).unwrap_or_default();
        self.statements.clone().or(said)
    }

    /// How the file is opened, which has at most `max_bytes`.
    pub(super) fn open_options(&self, max_bytes: u64) -> OpenOptions {
        let said = self.said();
        OpenOptions {
            format: self.format.or_else(|| Format::by_extension(Path::new(&self.file_name))),
            encoding: said.encoding,
            records: said.records,
            max_unpacked: Some(max_bytes.saturating_mul(MAX_EXPANSION)),
            ..OpenOptions::default()
        }
    }

    /// The options of the import's calls. `id` is the import's.
    pub(super) fn import_options(&self, id: &str) -> ImportOptions {
        let on_error = if self.stop_at_reject { OnError::Stop } else { OnError::Skip };
        ImportOptions {
            dry_run: self.dry_run,
            on_error: on_error.into(),
            set_stock: self.set_stock,
            mode: self.mode.into(),
            check_etags: !self.force,
            import_id: if self.dry_run { String::new() } else { id.to_owned() },
        }
    }
}

fn unknown(name: &str) -> Problem {
    let shown: String = name.chars().take(100).collect();
    let known = PARAMETERS.join(", ");
    Problem::invalid(shown, format!("is not a parameter here; these are: {known}"))
}

fn choice(text: &str, choices: &[&str]) -> Result<usize, String> {
    let found = choices.iter().position(|choice| choice.eq_ignore_ascii_case(text));
    found.ok_or_else(|| format!("must be {}", choices.join(" or ")))
}

fn mode(text: &str) -> Result<Mode, String> {
    let text = text.replace('_', "-");
    let modes = [Mode::Upsert, Mode::UpdateOnly, Mode::CreateOnly];
    Ok(modes[choice(&text, &["upsert", "update-only", "create-only"])?])
}

fn delimiter(text: &str) -> Result<char, String> {
    import::delimiter(text).ok_or_else(|| "must be one letter such as ;, or \\t".to_owned())
}

fn line(text: &str) -> Result<i64, String> {
    let line = text.parse().ok().filter(|line| *line > 0);
    line.ok_or_else(|| "must be the number of a line, from 1".to_owned())
}

fn currency(text: &str) -> Result<String, String> {
    import::currency(text).ok_or_else(|| "must be an ISO 4217 code such as EUR".to_owned())
}

/// A field map in TOML, or the shipped one of a system. `None` for comments alone, as a guess has them for a file that
/// needs no map.
fn map(text: &str) -> Result<Option<FieldMap>, String> {
    let mut lines = text.lines().map(str::trim);
    if lines.all(|line| line.is_empty() || line.starts_with('#')) {
        return Ok(None);
    }
    if text.contains('=') {
        let map = import::parse_map(text);
        return map.map(Some).map_err(|error| format!("is no field map: {error:#}"));
    }
    import::shipped_map(text).map(Some).ok_or_else(|| {
        let names: Vec<String> = import::shipped_names().collect();
        format!("must be a field map in TOML, or one of {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(parameters: &[(&str, &str)]) -> Result<ImportSettings, String> {
        let mut settings = ImportSettings::default();
        for (name, value) in parameters {
            settings.set(name, value).map_err(|problem| problem.detail)?;
        }
        Ok(settings)
    }

    #[test]
    fn parameters_are_those_of_the_command_line() {
        let settings = settings(&[
            ("mode", "update-only"),
            ("dry_run", "true"),
            ("missing", "archive"),
            ("missingLimit", "5%"),
            ("delimiter", ";"),
            ("decimal", "comma"),
            ("currency", "sek"),
            ("fileName", "C:\\lists\\spring.csv"),
            ("encoding", ""),
        ])
        .unwrap();
        assert!(settings.dry_run && settings.missing.is_needed());
        assert_eq!(settings.missing.limit, MissingLimit::Percent(5));
        assert_eq!(settings.statements.currency.as_deref(), Some("SEK"));
        assert_eq!(settings.file_name, "spring.csv");
        assert_eq!(settings.open_options(9).format, Some(Format::Csv));
        let options = settings.import_options("spring");
        assert_eq!((options.mode(), options.import_id.as_str()), (Mode::UpdateOnly, ""));
        assert!(options.check_etags);
    }

    #[test]
    fn a_map_is_given_by_name_or_as_text() {
        for name in ["shopify", "Google Merchant", "google-merchant"] {
            assert!(settings(&[("map", name)]).is_ok(), "{name}");
        }
        let own =
            settings(&[("map", "id = \"ArtNr\"\nname = \"Titel\"\ndecimal = \",\"")]).unwrap();
        assert!(own.map.is_some());
        assert!(settings(&[("map", "# The columns need no map.\n")]).unwrap().map.is_none());
        for wrong in ["amazonia", "id = ", "colour = \"x\""] {
            let error = settings(&[("map", wrong)]).unwrap_err();
            assert!(error.starts_with("map: "), "{error}");
        }
    }

    #[test]
    fn wrong_values_are_named() {
        for (name, value) in [
            ("mode", "replace"),
            ("dryRun", "yes"),
            ("missingLimit", "110%"),
            ("delimiter", ";;"),
            ("headerLine", "0"),
            ("decimal", "either"),
            ("currency", "Euro"),
            ("colour", "blue"),
            ("colour", ""),
        ] {
            let error = settings(&[(name, value)]).err();
            assert!(error.as_ref().is_some_and(|it| it.starts_with(name)), "{name}: {error:?}");
        }
    }

    /// The choices that a document names for a parameter.
    fn check_choices<'a>(name: &str, choices: impl Iterator<Item = &'a str>) {
        for choice in choices {
            let set = settings(&[(name, choice)]);
            assert!(set.is_ok(), "{name}={choice}: {:?}", set.err());
        }
    }

    /// Texts up to a quotation mark, behind each `before`.
    fn quoted<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
        text.split(before).skip(1).map(|rest| rest.split('"').next().unwrap_or_default())
    }

    #[test]
    fn choices_of_the_desk_are_values_of_the_parameters() {
        let page = include_str!("../../templates/desk/import.html");
        let mut selects = 0;
        for select in page.split("<select ").skip(1) {
            let (select, _) = select.split_once("</select>").unwrap();
            let name = quoted(select, "name=\"").next().unwrap();
            check_choices(name, quoted(select, "value=\""));
            selects += 1;
        }
        assert_eq!(selects, 3);
    }

    #[test]
    fn choices_of_the_openapi_document_are_values_of_the_parameters() {
        let document = include_str!("../../openapi.json");
        let document: serde_json::Value = serde_json::from_str(document).unwrap();
        let post = &document["paths"]["/v1/imports"]["post"];
        let mut checked = 0;
        let mut check = |name: &str, schema: &serde_json::Value| {
            let choices = schema["enum"].as_array().into_iter().flatten();
            let choices: Vec<&str> = choices.filter_map(serde_json::Value::as_str).collect();
            checked += choices.len();
            check_choices(name, choices.into_iter());
        };
        let parameters = post["parameters"].as_array().unwrap().iter();
        for parameter in parameters.filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().unwrap_or_default();
            check(name, &parameter["schema"]);
        }
        let form = &post["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"];
        for (name, schema) in form.as_object().unwrap() {
            check(name, schema);
        }
        assert!(checked >= 10, "{checked}");
    }
}
