//! The texts of a product's form, in English and German.

use super::super::{locale::Locale, messages::messages};

messages! {
    // The page.
    in_shop: "In the shop", "Im Laden";
    history: "History", "Verlauf";
    save: "Save", "Speichern";
    nothing_saved: "Nothing was saved.", "Nichts wurde gespeichert.";
    conflict: "Another has changed this product meanwhile. Nothing was saved: see what is new, and save again.", "Jemand anderes hat dieses Produkt inzwischen geändert. Nichts wurde gespeichert: Sehen Sie, was neu ist, und speichern Sie noch einmal.";
    other_wrote: "Another wrote:", "Jemand anderes schrieb:";
    other_changed: "Changed by another", "Von jemand anderem geändert";
    stock: "Stock", "Bestand";
    add_or_take: "Add or take away", "Dazu oder davon weg";
    adjust: "Adjust", "Ändern";
    variants: "Variants", "Varianten";
    variants_hint: "What is empty is as the product's.", "Was leer ist, gilt wie beim Produkt.";
    more_variants: "Further variants, from number", "Weitere Varianten, ab Nummer";

    // The groups.
    prices: "Further prices", "Weitere Preise";
    shipping: "Shipping", "Versand";
    tax_and_condition: "Tax and condition", "Steuer und Zustand";
    search_engines: "Search engines", "Suchmaschinen";

    // The fields.
    name: "Name", "Name";
    brand: "Brand", "Marke";
    price: "Price", "Preis";
    price_hint: "such as 12.50 EUR; empty for none", "etwa 12.50 EUR; leer für keinen";
    status: "Status", "Status";
    draft: "draft", "Entwurf";
    active: "active", "aktiv";
    archived: "archived", "archiviert";
    categories: "Categories", "Kategorien";
    categories_hint: "ids, separated by spaces", "Kennungen, durch Leerzeichen getrennt";
    labels: "Labels", "Etiketten";
    labels_hint: "separated by commas", "durch Kommas getrennt";
    description: "Description", "Beschreibung";
    compare_at_price: "Compare-at price", "Vergleichspreis";
    compare_at_price_hint: "the higher one, which is shown struck", "der höhere, der durchgestrichen gezeigt wird";
    sale_start: "Sale from", "Angebot ab";
    sale_end: "Sale until", "Angebot bis";
    time_hint: "in UTC, such as 2026-05-01 08:00; empty: at any time", "in UTC, etwa 2026-05-01 08:00; leer: jederzeit";
    currency_prices: "Prices in other currencies", "Preise in anderen Währungen";
    currency_prices_hint: "one a line, such as 13.50 USD; with a compare-at price 13.50 USD / 15.00 USD", "je Zeile einer, etwa 13.50 USD; mit Vergleichspreis 13.50 USD / 15.00 USD";
    cost: "Cost", "Einkaufspreis";
    cost_hint: "what one costs the shop, such as 4.20 EUR", "was eines den Laden kostet, etwa 4.20 EUR";
    weight: "Weight", "Gewicht";
    weight_hint: "with its packaging, such as 350 g", "mit Verpackung, etwa 350 g";
    dimensions: "Dimensions", "Maße";
    dimensions_hint: "length x width x height with its packaging, such as 20 x 10 x 8 cm; 0 where it is not known", "Länge x Breite x Höhe mit Verpackung, etwa 20 x 10 x 8 cm; 0, wo es nicht bekannt ist";
    tax_class: "Tax class", "Steuerklasse";
    tax_class_hint: "such as reduced", "etwa reduced";
    condition: "Condition", "Zustand";
    not_known: "not known", "nicht bekannt";
    new: "new", "neu";
    refurbished: "refurbished", "generalüberholt";
    used: "used", "gebraucht";
    seo_title: "Title", "Titel";
    seo_title_hint: "empty: the name", "leer: der Name";
    seo_description: "Description for search engines", "Beschreibung für Suchmaschinen";
    seo_description_hint: "empty: the beginning of the description", "leer: der Anfang der Beschreibung";
    gtin: "Barcode", "Strichcode";
    gtin_hint: "8 (EAN-8), 12 (UPC), 13 (EAN) or 14 digits (GTIN-14)", "8 (EAN-8), 12 (UPC), 13 (EAN) oder 14 Ziffern (GTIN-14)";
    picture: "Picture", "Bild";
    no_picture: "the product's", "das des Produkts";

    // Texts that are no value.
    wrong_money: "is an amount and a currency, such as 12.50 EUR", "ist ein Betrag mit Währung, etwa 12.50 EUR";
    wrong_choice: "is one of the list", "ist eines der Liste";
    wrong_time: "is a time in UTC, such as 2026-05-01 08:00", "ist eine Zeit in UTC, etwa 2026-05-01 08:00";
    wrong_currency_prices: "has one price a line, such as 13.50 USD", "hat je Zeile einen Preis, etwa 13.50 USD";
    wrong_weight: "is a number and a unit, such as 350 g", "ist eine Zahl mit Einheit, etwa 350 g";
    wrong_dimensions: "is three numbers and a unit, such as 20 x 10 x 8 cm", "sind drei Zahlen mit Einheit, etwa 20 x 10 x 8 cm";
}

/// The texts in a language.
pub(super) fn words(locale: Locale) -> &'static Messages {
    match locale {
        Locale::English => &ENGLISH,
        Locale::German => &GERMAN,
    }
}
