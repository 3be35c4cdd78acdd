//! The texts of the desk's frame and of its import page, in English and German.

use super::super::{locale::Locale, messages::messages};

messages! {
    // The frame.
    desk: "Desk", "Pult";
    skip_to_content: "Skip to the content", "Zum Inhalt springen";
    products: "Products", "Produkte";
    import: "Import", "Import";
    search: "Search", "Suche";
    shop: "Shop", "Laden";
    sign_out: "Sign out", "Abmelden";
    sign_out_everywhere: "Sign out everywhere", "Überall abmelden";

    // The first step.
    choose: "Choose a file", "Datei wählen";
    file: "File", "Datei";
    file_hint: "CSV, Excel, JSON or XML, also as .gz or .zip. Nothing is stored yet.", "CSV, Excel, JSON oder XML, auch als .gz oder .zip. Noch wird nichts gespeichert.";
    or_url: "or its address", "oder ihre Adresse";
    look: "Look at the file", "Datei ansehen";
    sending: "The file is being sent; keep this page open.", "Die Datei wird gesendet; lassen Sie diese Seite offen.";
    not_sent: "The file could not be sent: the server cannot be reached. Try again.", "Die Datei konnte nicht gesendet werden: Der Server ist nicht erreichbar. Versuchen Sie es erneut.";
    latest: "Latest imports", "Letzte Importe";
    none_yet: "None yet.", "Noch keine.";
    when: "When", "Wann";
    who: "Who", "Wer";
    state: "State", "Zustand";
    rows: "Rows", "Zeilen";
    by_program: "by a program", "durch ein Programm";

    // One import.
    all_imports: "All imports", "Alle Importe";
    queued: "Waiting for other imports", "Wartet auf andere Importe";
    running: "Running", "Läuft";
    succeeded: "Done", "Fertig";
    failed: "Failed", "Fehlgeschlagen";
    cancelled: "Cancelled", "Abgebrochen";
    undone: "Undone", "Rückgängig gemacht";
    guessed: "Nothing is stored yet: check how the columns are read.", "Noch ist nichts gespeichert: Prüfen Sie, wie die Spalten gelesen werden.";
    rehearsed: "Dry run: nothing is stored. This is what would be.", "Probelauf: Nichts ist gespeichert. So würde es.";
    is_cancelling: "It is being cancelled.", "Wird abgebrochen.";
    cancel: "Cancel", "Abbrechen";
    read_so_far: "Part of the file that is read", "Gelesener Teil der Datei";
    created: "New", "Neu";
    updated: "Changed", "Geändert";
    unchanged: "Unchanged", "Unverändert";
    rejected: "Rejected", "Abgelehnt";
    grouped: "Part of another row's product", "Teil des Produkts einer anderen Zeile";
    missing_count: "Missing in the file", "Fehlen in der Datei";
    stock_kept: "Rows whose stock was not taken", "Zeilen, deren Bestand nicht übernommen wurde";
    notes: "Notes", "Hinweise";

    // The map and the options.
    how: "How it is read", "Wie gelesen wird";
    map: "Field map", "Feldzuordnung";
    map_hint: "Left the field of a product, right the column. Lines with # are notes.", "Links das Feld des Produkts, rechts die Spalte. Zeilen mit # sind Hinweise.";
    mode: "Products", "Produkte";
    upsert: "create and change", "anlegen und ändern";
    update_only: "only change", "nur ändern";
    create_only: "only create", "nur anlegen";
    missing: "Products that the file does not name", "Produkte, die in der Datei fehlen";
    keep: "stay", "bleiben";
    archive: "are archived", "werden archiviert";
    delete: "are deleted", "werden gelöscht";
    currency: "Currency of prices without one", "Währung von Preisen ohne Angabe";
    decimal: "Decimal sign", "Dezimalzeichen";
    found_out: "as found in the file", "wie in der Datei gefunden";
    point: "point", "Punkt";
    comma: "comma", "Komma";
    set_stock: "Set the stock of products that exist", "Bestand vorhandener Produkte setzen";
    dry_run: "Dry run", "Probelauf";
    import_now: "Import", "Importieren";
    file_gone: "The file is not kept any more. Send it again for another run.", "Die Datei ist nicht mehr da. Für einen weiteren Lauf senden Sie sie erneut.";

    // The result.
    examples: "Examples of changes", "Beispiele von Änderungen";
    line: "Line", "Zeile";
    product: "Product", "Produkt";
    changes: "Changes", "Änderungen";
    new_product: "new", "neu";
    rejects: "Rejected rows", "Abgelehnte Zeilen";
    rejects_hint: "Mend them in the file with all of them, and import that file.", "Verbessern Sie sie in der Datei mit allen, und importieren Sie diese.";
    download: "All rejected rows as a file", "Alle abgelehnten Zeilen als Datei";
    reason: "Reason", "Grund";
    undo: "Undo this import", "Diesen Import rückgängig machen";
    undo_title: "Undo an import", "Import rückgängig machen";
    undo_preview: "If it is undone now:", "Wenn er jetzt rückgängig gemacht wird:";
    undo_result: "It was undone:", "Er wurde rückgängig gemacht:";
    undo_deleted: "Products deleted, which it created", "Gelöschte Produkte, die er angelegt hat";
    undo_restored: "Products as before", "Produkte wie zuvor";
    undo_conflicted: "Products that others have changed since, which stay", "Produkte, die seither andere geändert haben, und die bleiben";
    back: "Back", "Zurück";
}

/// The texts in a language.
pub(super) fn words(locale: Locale) -> &'static Messages {
    match locale {
        Locale::English => &ENGLISH,
        Locale::German => &GERMAN,
    }
}
