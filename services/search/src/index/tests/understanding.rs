//! Tests of the meanings of queries: things, values, measures, exclusions.

use super::*;

fn with_text(product: Product, name: &str, text: &str) -> Product {
    let mut product = product;
    product.attributes.push(Attribute {
        name: name.to_owned(),
        value: Some(attribute::Value::Text(text.to_owned())),
        ..Attribute::default()
    });
    product
}

#[test]
fn few_whole_matches_are_followed_by_similar_products() {
    let index = index([
        named("1", "Acme quiet fan"),
        named("2", "Acme fan"),
        named("3", "Quiet heater"),
        named("4", "Acme lamp"),
    ]);
    assert_eq!(ids(&index, "quiet acme fan "), ["1", "2"], "not what is no fan");
    assert_eq!(found(&index, params("quiet acme fan ")).relaxation, Relaxation::None);
    let cheapest = SearchParams { order: &[SortKey::Price], ..params("quiet acme fan ") };
    assert_eq!(found(&index, cheapest).total, 1, "another order would mix them");
}

#[test]
fn an_exclusion_holds_for_other_words_of_the_same_thing() {
    let index = index([
        with_text(named("1", "Acme mouse"), "connection", "Bluetooth"),
        with_text(named("2", "Acme mouse"), "connection", "USB"),
        named("3", "Wireless mouse"),
        with_text(named("4", "Acme mouse with numpad"), "connection", "USB"),
        Product {
            category_paths: vec![CategoryPath {
                names: vec!["Wireless mice".to_owned()],
                ids: vec!["wireless".to_owned()],
            }],
            ..named("5", "Acme mouse")
        },
    ]);
    for query in ["mouse -wireless", "mouse not wireless", "mice -Wireless"] {
        let mut left = ids(&index, query);
        left.sort();
        assert_eq!(left, ["2", "4"], "{query}: a member of the class, its own word, a category");
    }
    assert!(!ids(&index, "mouse -\"numeric keypad\"").contains(&"4".to_owned()), "a synonym");
    let facets = [FacetField::Attribute("connection".to_owned())];
    let answer = found(&index, SearchParams { facets: &facets, ..params("mouse -wireless") });
    let counts: Vec<_> = answer.facets[0].values.iter().map(|it| it.count).collect();
    assert_eq!((answer.total, counts), (2, vec![2]), "facets count only what is left");
}

#[test]
fn suggestions_leave_out_what_is_excluded() {
    let index = index([named("1", "Red mug"), named("2", "Blue mug")]);
    let texts = |query: &str| -> Vec<String> {
        let found = index.complete_products(query, 10).unwrap();
        found.into_iter().map(|it| it.text).collect()
    };
    assert_eq!(texts("mug -red"), ["Blue mug"]);
    assert_eq!(texts("mu").len(), 2);
}

#[test]
fn a_model_called_like_a_value_says_nothing_of_it() {
    let all = std::array::from_fn::<_, 8, _>(|at| {
        let model = if at == 0 { "Black".to_owned() } else { format!("M{at}") };
        let product = with_text(named(&at.to_string(), "Acme mouse"), "model", &model);
        if at % 2 == 0 { product } else { with_text(product, "colour", ["Red", "Black"][at / 4]) }
    });
    let index = index(all);
    assert_eq!(ids(&index, "mouse -black")[..2], ["1", "3"], "they are known to be red");
}

#[test]
fn a_whole_value_comes_before_one_of_several() {
    let index = index([
        with_text(named("1", "Acme ink"), "colours", "Cyan, Yellow"),
        with_text(named("2", "Acme ink"), "colours", "Yellow"),
    ]);
    assert_eq!(ids(&index, "yellow ink "), ["2", "1"]);
}

#[test]
fn counts_of_parts_are_measures() {
    let ports = |id: &str, number: f64| Product {
        attributes: vec![Attribute {
            name: "lan_ports".to_owned(),
            value: Some(attribute::Value::Number(number)),
            ..Attribute::default()
        }],
        ..named(id, "Acme switch")
    };
    let index = index([
        named("1", "Acme 24-port switch"),
        named("2", "Acme 8 port switch, 24 V"),
        ports("3", 24.0),
    ]);
    let all = ids(&index, "24 ports switch ");
    assert_eq!((all[0].as_str(), all.contains(&"3".to_owned())), ("1", true), "{all:?}");
    let sets = super::index([named("4", "Memory kit 16 GB"), named("5", "Memory 2 GB")]);
    assert_eq!(ids(&sets, "2 x 8 gb memory ")[0], "4");
}

#[test]
fn own_products_are_found_however_the_brand_is_written() {
    let branded =
        |id: &str, name: &str| Product { brand: "Tripp Lite".to_owned(), ..named(id, name) };
    let index = index([branded("1", "Smart UPS"), named("2", "UPS like a triplite one")]);
    for query in ["tripplite ups ", "trip lite ups ", "tripp lite ups "] {
        assert_eq!(ids(&index, query)[0], "1", "{query}");
    }
}

#[test]
fn an_unfinished_noun_has_its_synonyms() {
    let index = index([named("1", "Acme notebook"), named("2", "Laptop bag")]);
    assert_eq!(ids(&index, "lapt"), ["1", "2"], "the thing before what is for it");
}

#[test]
fn a_remark_in_a_name_does_not_end_it() {
    let index = index([named("1", "Hard drive (frame) enclosure"), named("2", "Acme hard drive")]);
    assert_eq!(ids(&index, "hard drive "), ["2", "1"]);
}
