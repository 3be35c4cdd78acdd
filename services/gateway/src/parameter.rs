//! The values of parameters, of a query or a form.

/// The value of a flag.
///
/// # Errors
/// The rule that the text breaks.
pub(crate) fn flag(text: &str) -> Result<bool, String> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("must be true or false".to_owned()),
    }
}

/// One of the named values of a type, in any case.
///
/// # Errors
/// The rule that the text breaks, with all names.
pub(crate) fn named<T: clap::ValueEnum>(text: &str) -> Result<T, String> {
    T::from_str(text, true).map_err(|_| {
        let values = T::value_variants().iter().filter_map(clap::ValueEnum::to_possible_value);
        let names: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
        format!("must be {}", names.join(" or "))
    })
}
