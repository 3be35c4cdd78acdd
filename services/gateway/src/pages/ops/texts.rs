//! The texts of `/ops`, in English and German: one row each. What services say of themselves is in English.

use super::super::messages::messages;

messages! {
    title: "Operations", "Betrieb";
    site: "Catalogue", "Katalog";
    skip_to_content: "Skip to the content", "Zum Inhalt springen";
    shop: "Shop", "Shop";
    desk: "Desk", "Desk";
    as_of: "As of {0} UTC", "Stand {0} UTC";
    reload: "Reload", "Neu laden";
    live: "Live", "Aktuell";
    lost: "No connection: the page shows the last known state", "Keine Verbindung: Die Seite zeigt den letzten bekannten Stand";
    ago: "{0} ago", "vor {0}";

    // Instances.
    map: "Instances", "Instanzen";
    this_gateway: "This gateway", "Dieses Gateway";
    no_instance: "Discovery lists no instance.", "Es ist keine Instanz bekannt.";
    ready: "ready", "bereit";
    not_ready: "not ready", "nicht bereit";
    disconnected: "not connected", "nicht verbunden";
    ejected: "takes no calls", "bekommt keine Aufrufe";
    unknown: "state not known", "Zustand unbekannt";
    service_breaker: "Breaker of the service: {0}", "Schutzschalter des Dienstes: {0}";
    discovery_stale: "Discovery has confirmed this list {0} ago: {1}", "Diese Liste wurde vor {0} bestätigt: {1}";
    not_required: "{0}: {1} (not needed to be ready)", "{0}: {1} (zur Bereitschaft nicht nötig)";
    required: "{0}: {1}", "{0}: {1}";
    calls: "Calls", "Aufrufe";
    requests_figure: "Requests", "Anfragen";
    p99: "p99", "p99";
    errors: "Errors", "Fehler";
    in_flight: "In flight", "Laufend";
    breaker: "Breaker", "Schutzschalter";
    behind: "Calls that it makes", "Aufrufe von hier";
    closed: "closed", "geschlossen";
    open: "open", "offen";
    half_open: "half-open", "halb offen";

    // Endpoints.
    endpoints: "Endpoints that take no calls", "Endpunkte ohne Aufrufe";
    all_take_calls: "Every endpoint is connected, and every breaker closed.", "Jeder Endpunkt ist verbunden, jeder Schutzschalter geschlossen.";
    service: "Service", "Dienst";
    address: "Address", "Adresse";
    state: "State", "Zustand";
    since: "Since", "Seit";
    until: "Until", "Bis";
    next_probe: "probe in {0}", "Probe in {0}";
    probe_due: "probe is due", "Probe steht an";
    why: "Why", "Grund";
    events: "Latest changes", "Letzte Änderungen";
    no_events: "Nothing has changed since this gateway started.", "Seit dem Start dieses Gateways hat sich nichts geändert.";
    time: "Time (UTC)", "Zeit (UTC)";
    change: "Change", "Änderung";
    whole_service: "whole service", "gesamter Dienst";
    breaker_change: "breaker {0} → {1}", "Schutzschalter {0} → {1}";
    connected: "connected", "verbunden";
    listed: "listed", "bekannt";
    gone: "gone from discovery", "nicht mehr bekannt";

    // Lag.
    lag: "Behind the catalogue", "Rückstand zum Katalog";
    reader: "Reader", "Leser";
    live_state: "live stock and prices (this gateway)", "aktueller Bestand und Preise (dieses Gateway)";
    index_of: "search {0}", "search {0}";
    behind_by: "Behind by", "Rückstand";
    products: "Products", "Produkte";
    caught_up: "current", "aktuell";
    catching_up: "catching up", "holt auf";
    filling: "being filled", "wird gefüllt";
    rebuilding: "being rebuilt", "wird neu aufgebaut";
    connecting: "connecting", "verbindet";
    interrupted: "interrupted", "unterbrochen";
    never: "never current", "nie aktuell";

    // Requests.
    requests: "Latest requests", "Letzte Anfragen";
    requests_hint: "Those that failed, were slower than 100 ms, retried or traced, and of the others up to ten a second. Times are to the response, or to its headers if it is streamed.", "Gescheiterte, langsamer als 100 ms, wiederholte oder aufgezeichnete, und von den übrigen bis zu zehn je Sekunde. Zeiten bis zur Antwort, bei Datenströmen bis zu deren Beginn.";
    newest_first: "Newest first", "Neueste zuerst";
    slowest_first: "Slowest first", "Langsamste zuerst";
    order: "Order", "Reihenfolge";
    request: "Request", "Anfrage";
    status: "Status", "Status";
    took: "Took", "Dauer";
    attempts: "Attempts at upstreams", "Versuche bei Diensten";
    one_attempt: "1 attempt", "1 Versuch";
    many_attempts: "{0} attempts", "{0} Versuche";
    no_attempts: "none", "keine";
    trace: "Trace or request id", "Trace- oder Anfrage-Id";
    hung_up: "client left", "Client weg";
    kept_failed: "failed", "gescheitert";
    kept_slow: "slow", "langsam";
    kept_retried: "retried", "wiederholt";

    // Builds.
    builds: "Builds", "Programmstände";
    instance: "Instance", "Instanz";
    version: "Version", "Version";
    commit: "Commit", "Commit";
    built: "Built (UTC)", "Gebaut (UTC)";
    started: "Started (UTC)", "Gestartet (UTC)";
}
