//! Options of a file's form. An omitted one is detected.

use import::{Decimal, Format, Settings};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "How the file is written (found when omitted)")]
pub(crate) struct FileArgs {
    /// Form of the rows: lines of JSON, or a table
    #[arg(long)]
    pub(crate) format: Option<Format>,
    /// Encoding, such as utf-8, utf-16le or windows-1252
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Separator of a table's columns, such as ';' or '\t'
    #[arg(long, value_name = "LETTER", value_parser = delimiter)]
    delimiter: Option<char>,
    /// Line of a table's header
    #[arg(long, value_name = "LINE", value_parser = clap::value_parser!(i64).range(1..))]
    header_line: Option<i64>,
    /// Whether quotes enclose the cells of a table, or are letters like others
    #[arg(long)]
    quotes: Option<Quotes>,
    /// Key of the array in a JSON object, or name of the XML element, that holds the products
    #[arg(long, value_name = "NAME")]
    records: Option<String>,
    /// Separator of decimals
    #[arg(long)]
    decimal: Option<Decimal>,
    /// Currency of prices without one
    #[arg(long, value_name = "CODE", value_parser = currency)]
    currency: Option<String>,
    /// Treatment of HTML in texts
    #[arg(long)]
    html: Option<Html>,
    /// Cut texts that are too long, rather than reject their rows
    #[arg(long)]
    cut: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Quotes {
    Double,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Html {
    /// Tags are removed.
    Text,
    /// It is stored as it is.
    Keep,
}

impl FileArgs {
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            decimal: self.decimal,
            currency: self.currency.clone(),
            blank: None,
            keep_html: self.html.map(|html| html == Html::Keep),
            cut: self.cut.then_some(true),
            encoding: self.encoding.clone(),
            delimiter: self.delimiter,
            header_line: self.header_line,
            records: self.records.clone(),
            no_quotes: self.quotes.map(|quotes| quotes == Quotes::None),
        }
    }
}

fn delimiter(text: &str) -> Result<char, String> {
    import::delimiter(text).ok_or_else(|| "must be one letter such as ;".to_owned())
}

fn currency(text: &str) -> Result<String, String> {
    import::currency(text).ok_or_else(|| "must be an ISO 4217 code such as EUR".to_owned())
}
