use std::net::Ipv4Addr;

use http::HeaderMap;

use super::*;

fn limits(of_address: &[&str], entries: usize) -> Arc<Limits> {
    let limit_address = of_address.iter().map(|rate| rate.parse().unwrap()).collect();
    Limits::new(&LimitArgs { limit_address, limit_entries: entries, ..LimitArgs::default() })
}

#[test]
fn responses_say_what_is_left() {
    let limits = limits(&["read=2/s+4"], 10);
    let buckets = limits.of_address("192.0.2.1".parse().unwrap());
    let read = Counted::Calls(Class::Read);
    let shown = |standing: &Standing| {
        let mut headers = HeaderMap::new();
        standing.add_to(&mut headers);
        let text = |name| headers.get(name).unwrap().to_str().unwrap().to_owned();
        (text(POLICY), text(REMAINING))
    };
    let first = buckets.count(read).unwrap().unwrap();
    assert_eq!(shown(&first), ("\"read\";q=4;w=2".to_owned(), "\"read\";r=3;t=1".to_owned()));
    assert!(!first.is_low());
    let last = [(); 3].map(|()| buckets.count(read).unwrap().unwrap())[2];
    assert!(last.is_low());
    let exceeded = buckets.count(read).unwrap_err();
    assert_eq!(shown(&exceeded.standing).1, "\"read\";r=0;t=2");
    assert!(exceeded.message().contains("4 in 2 s; retry in 1 s"), "{}", exceeded.message());
    assert!(buckets.count(Counted::Calls(Class::Write)).is_ok(), "a class of its own");
}

#[test]
fn a_class_without_a_limit_is_not_counted() {
    let limits = limits(&["read=off"], 10);
    let buckets = limits.of_address("192.0.2.1".parse().unwrap());
    assert_eq!(buckets.count(Counted::Calls(Class::Read)), Ok(None));
}

#[test]
fn addresses_take_no_more_room_than_the_table_has() {
    let limits = limits(&["read=1/m+1"], 1_000);
    let read = Counted::Calls(Class::Read);
    let known: IpAddr = Ipv4Addr::new(192, 0, 2, 1).into();
    assert!(limits.of_address(known).count(read).is_ok());
    for number in 0..100_000 {
        let forged = limits.of_address(Ipv4Addr::from_bits(number).into());
        if number % 100 == 0 {
            assert!(forged.count(read).is_ok());
            assert!(limits.of_address(known).count(read).is_err(), "one that calls is kept");
        }
    }
    assert!(limits.subjects() <= 1_000, "{}", limits.subjects());
    let bytes = size_of::<Buckets>() + 100;
    assert!(bytes <= 400, "{bytes}: as `--limit-entries` says");
}
