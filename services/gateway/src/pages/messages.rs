//! The texts of the pages, in English and German: one row each. `{0}` and `{1}` are filled in.

/// Declares [`Messages`], and a static of it for each language: no text can be missing in one.
macro_rules! messages {
    ($($name:ident: $english:literal, $german:literal;)*) => {
        /// The texts in one language.
        #[derive(Debug)]
        pub(crate) struct Messages {
            $(pub(super) $name: &'static str,)*
        }

        pub(super) static ENGLISH: Messages = Messages { $($name: $english,)* };
        pub(super) static GERMAN: Messages = Messages { $($name: $german,)* };
    };
}

/// For pages with a table of their own.
pub(super) use messages;

messages! {
    // Every page.
    site: "Catalogue", "Katalog";
    skip_to_content: "Skip to the content", "Zum Inhalt springen";
    search: "Search", "Suchen";
    search_products: "Search products", "Produkte suchen";
    recently_seen: "Recently seen", "Zuletzt angesehen";
    clear: "Clear", "Löschen";
    all_products: "All products", "Alle Produkte";
    try_again: "Try again", "Erneut versuchen";

    // Lists.
    one_product: "{0} product", "{0} Produkt";
    many_products: "{0} products", "{0} Produkte";
    more_products: "More products", "Weitere Produkte";
    more_than: "More than {0}", "Mehr als {0}";
    results_for: "{0} for “{1}”", "{0} für „{1}“";
    nothing_for: "Nothing found for “{0}”", "Nichts gefunden für „{0}“";
    quoted: "“{0}”", "„{0}“";
    summary_in: "{0} in {1}", "{0} in {1}";
    list_description: "{0}: names, prices and live stock.", "{0}: Namen, Preise und aktueller Bestand.";
    above: "Above this category", "Übergeordnete Kategorien";
    corrected: "Showing results for", "Ergebnisse für";
    dropped: "No product has all these words. Left out:", "Kein Produkt hat alle diese Wörter. Weggelassen:";
    unmet: "Nothing meets “{0}”; these come nearest.", "Nichts erfüllt „{0}“; das kommt dem am nächsten.";
    filters: "Filter", "Filtern";
    categories: "Categories", "Kategorien";
    in_category: "In {0}", "In {0}";
    and_more: "and {0} more", "und {0} weitere";
    show_more: "Show more", "Mehr anzeigen";
    brand: "Brand", "Marke";
    price: "Price", "Preis";
    currency: "Currency", "Währung";
    availability: "Availability", "Verfügbarkeit";
    in_stock_only: "In stock", "Auf Lager";
    price_from: "From", "Von";
    price_to: "To", "Bis";
    apply: "Apply", "Anwenden";
    chosen: "Chosen", "Gewählt";
    at_least: "from {0}", "ab {0}";
    at_most: "up to {0}", "bis {0}";
    between: "{0} – {1}", "{0} – {1}";
    custom_filter: "Filter", "Filter";
    remove: ": remove this filter", ": diesen Filter entfernen";
    as_words: ": take it as plain words instead", ": stattdessen wörtlich nehmen";
    remove_all: "Remove all filters", "Alle Filter entfernen";
    sort_by: "Sort by", "Sortieren nach";
    by_relevance: "Relevance", "Relevanz";
    by_price: "Price, low to high", "Preis aufsteigend";
    by_price_descending: "Price, high to low", "Preis absteigend";
    by_name: "Name", "Name";
    by_newest: "Newest", "Neueste";
    several_currencies: "Prices are in several currencies, and sorted by their numbers.", "Die Preise sind in mehreren Währungen und nach ihren Zahlen sortiert.";
    pages: "Pages", "Seiten";
    page_number: "Page {0}", "Seite {0}";
    first_page: "First page", "Erste Seite";
    previous_page: "Previous page", "Vorige Seite";
    next_page: "Next page", "Nächste Seite";
    pages_end: "Pages end after {0} products. Filters narrow them down.", "Nach {0} Produkten enden die Seiten. Filter grenzen ein.";
    may_help: "This may help:", "Das kann helfen:";
    check_spelling: "Check the spelling, or try fewer and more general words.", "Prüfen Sie die Schreibweise, oder versuchen Sie weniger und allgemeinere Wörter.";
    look_everywhere: "Look in every category", "In allen Kategorien suchen";
    browse_all: "Browse all products", "Alle Produkte ansehen";
    popular_categories: "Or look into a category:", "Oder sehen Sie in eine Kategorie:";
    category_empty: "Nothing is in {0} at the moment.", "In {0} ist zurzeit nichts.";
    nothing_matches: "No product matches all filters.", "Kein Produkt erfüllt alle Filter.";
    that_was_all: "That was all.", "Das war alles.";
    shop_empty: "There are no products yet.", "Es gibt noch keine Produkte.";
    price_meaning: "Price", "Preis";
    exclusion_meaning: "Left out", "Ohne";
    phrase_meaning: "Side by side", "Nebeneinander";
    need_meaning: "Need", "Bedarf";
    own_brand_meaning: "Own brand only", "Nur Eigenmarke";

    // Prices and stock.
    no_price: "No price yet", "Noch kein Preis";
    price_from_lowest: "From {0}", "Ab {0}";
    out_of_stock: "Out of stock", "Nicht auf Lager";
    only_left: "Only {0} left", "Nur noch {0}";
    in_stock: "{0} in stock", "{0} auf Lager";
    not_sold: "No longer sold", "Nicht mehr im Angebot";
    no_longer_available: "No longer available", "Nicht mehr erhältlich";

    // The page of a product.
    breadcrumb: "Breadcrumb", "Pfad";
    labels: "Labels", "Kennzeichen";
    picture_of: "{0}, picture {1} of {2}", "{0}, Bild {1} von {2}";
    choose: "Choose", "Auswählen";
    variant: "Variant", "Variante";
    all_choices: "All choices", "Alle Varianten";
    variants_of: "Variants of {0}", "Varianten von {0}";
    article_number: "Article number", "Artikelnummer";
    details: "Details", "Einzelheiten";
    before: "Before", "Vorher";
    weight: "Weight", "Gewicht";
    dimensions: "Dimensions", "Abmessungen";
    refurbished: "Refurbished", "Generalüberholt";
    used: "Used", "Gebraucht";
    attributes_of: "Attributes of {0}", "Eigenschaften von {0}";
    also_in: "Also in", "Auch in";
    similar: "Similar products", "Ähnliche Produkte";
    yes: "Yes", "Ja";
    no: "No", "Nein";

    // Outages.
    search_is_down: "Our search is not responding. These are products whose names have your words, without filters to choose and in no particular order.", "Unsere Suche antwortet nicht. Das sind Produkte, deren Namen Ihre Wörter enthalten, ohne Filterauswahl und ohne bestimmte Reihenfolge.";
    stale: "Prices and stock are those of {0} ago, and may have changed.", "Preise und Bestand sind von vor {0} und können sich geändert haben.";
    stale_unknown: "Prices and stock may be out of date.", "Preise und Bestand sind möglicherweise veraltet.";
    seconds: "{0} seconds", "{0} Sekunden";
    minutes: "{0} minutes", "{0} Minuten";
    hours: "{0} hours", "{0} Stunden";

    // Scripts.
    live: "live", "live";
    live_stale: "may be out of date, reconnecting", "möglicherweise veraltet, verbindet neu";
    search_failed: "The search is not responding right now. Keep typing to try again. (Request {0})", "Die Suche antwortet gerade nicht. Tippen Sie weiter, um es erneut zu versuchen. (Anfrage {0})";
    unreachable: "The shop cannot be reached right now. Keep typing to try again.", "Der Shop ist gerade nicht erreichbar. Tippen Sie weiter, um es erneut zu versuchen.";
    suggestions: "Suggestions", "Vorschläge";

    // Problems.
    problem_product: "This product is not here", "Dieses Produkt gibt es hier nicht";
    problem_product_advice: "It may have been removed, or its address mistyped.", "Vielleicht wurde es entfernt, oder die Adresse ist falsch geschrieben.";
    problem_category: "This category is not here", "Diese Kategorie gibt es hier nicht";
    problem_category_advice: "It may have been renamed, or its address mistyped.", "Vielleicht wurde sie umbenannt, oder die Adresse ist falsch geschrieben.";
    problem_nothing: "There is nothing here", "Hier ist nichts";
    problem_nothing_advice: "The address may be mistyped. Try a search instead.", "Die Adresse ist vielleicht falsch geschrieben. Versuchen Sie die Suche.";
    problem_expired: "This page has expired", "Diese Seite ist abgelaufen";
    problem_expired_advice: "Links to further pages do not last, and this one is not valid. Start again from the first.", "Links auf weitere Seiten gelten nicht lange, und dieser ist ungültig. Beginnen Sie wieder bei der ersten.";
    problem_invalid: "This request is not valid", "Diese Anfrage ist ungültig";
    problem_invalid_advice: "Something in the address is not valid.", "Etwas in der Adresse ist ungültig.";
    problem_outage: "Back in a moment", "Gleich wieder da";
    problem_outage_advice: "A part of the shop is not responding right now. Nothing is lost.", "Ein Teil des Shops antwortet gerade nicht. Nichts geht verloren.";
    problem_fault: "Something went wrong", "Etwas ist schiefgegangen";
    problem_fault_advice: "It is our fault, not yours, and it has been noted.", "Es ist unser Fehler, nicht Ihrer, und er ist notiert.";
    request: "Request", "Anfrage";
}

/// The message with `values` in place of `{0}`, `{1}` and so on. Values are not searched again.
pub(super) fn fill(message: &str, values: &[&str]) -> String {
    let mut filled = String::with_capacity(message.len() + 32);
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let place = after
            .split_once('}')
            .and_then(|(place, after)| Some((values.get(place.parse::<usize>().ok()?)?, after)));
        match place {
            Some((value, after)) => {
                filled.push_str(value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_once() {
        assert_eq!(fill("{0} for “{1}”", &["2 {1}", "{0}"]), "2 {1} for “{0}”");
        assert_eq!(fill("{1} of {x} {", &["a"]), "{1} of {x} {");
    }
}
