//! Needs: what people want to do, and what does it.
//!
//! They are general knowledge and hold for any shop that has such things. Where a need is met depends on what the
//! catalogue has, so one whose answer it lacks stays as it is.

/// The words of a need, in the singular and in this order, and what meets it. The first that applies counts.
const NEEDS: [(&str, &str); 58] = [
    ("connect laptop tv", "hdmi cable"),
    ("connect computer tv", "hdmi cable"),
    ("connect monitor computer", "displayport cable"),
    ("connect printer computer", "usb cable a to b"),
    ("connect serial usb", "usb to serial adapter"),
    ("connect internet", "router"),
    ("mount tv", "tv wall mount"),
    ("tv on wall", "tv wall mount"),
    ("hang tv", "tv wall mount"),
    ("hang projector", "projector ceiling mount"),
    ("mount projector", "projector ceiling mount"),
    ("hold monitor", "monitor arm"),
    ("arm two monitor", "dual monitor arm"),
    ("power outage", "uninterruptible power supply"),
    ("power cut", "uninterruptible power supply"),
    ("power failure", "uninterruptible power supply"),
    ("blackout computer", "uninterruptible power supply"),
    ("protect surge", "surge protector"),
    ("protect lightning", "surge protector"),
    ("lock laptop", "laptop lock"),
    ("lock notebook", "laptop lock"),
    ("steal laptop", "laptop lock"),
    ("carry laptop", "laptop bag"),
    ("cool laptop", "notebook cooling pad"),
    ("charge phone", "phone charger"),
    ("extend wifi", "wifi range extender"),
    ("burn dvd", "dvd-r recordable"),
    ("burn cd", "cd-r recordable"),
    ("boil water", "kettle"),
    ("make coffee", "coffee machine"),
    ("make espresso", "espresso machine"),
    ("toast bread", "toaster"),
    ("iron clothe", "steam iron"),
    ("dry hair", "hair dryer"),
    ("cut hair", "hair clipper"),
    ("shave beard", "electric shaver"),
    ("clean floor", "vacuum cleaner"),
    ("brush tooth", "toothbrush"),
    ("wake up morning", "alarm clock"),
    ("store file network", "nas network storage"),
    ("backup file", "external hard drive"),
    ("back up file", "external hard drive"),
    ("share printer network", "print server"),
    ("share printer computer", "print server"),
    ("one keyboard two computer", "kvm switch"),
    ("control two computer", "kvm switch"),
    ("destroy document", "shredder"),
    ("shred paper", "shredder"),
    ("shred document", "shredder"),
    ("scan photo", "flatbed scanner"),
    ("scan document", "document scanner"),
    ("remote slide", "wireless presenter"),
    ("presentation remote", "wireless presenter"),
    ("video call", "webcam"),
    ("print label", "label printer"),
    ("print both side", "duplex printer"),
    ("listen music", "headphones"),
    ("see dark", "torch"),
];

/// Words for a lack that name what has it: a mouse without a cable is a wireless one.
const LACKS: [(&str, &str); 9] = [
    ("without cable", "wireless"),
    ("without cables", "wireless"),
    ("without a cable", "wireless"),
    ("without wire", "wireless"),
    ("without wires", "wireless"),
    ("without a wire", "wireless"),
    ("without a cord", "cordless"),
    ("no cable", "wireless"),
    ("no wires", "wireless"),
];

/// Minimum number of words of a query that states a need.
const MIN_WORDS: usize = 3;

/// Returns what meets the need that these words state, which are in the singular.
pub(super) fn answer(words: &[String]) -> Option<&'static str> {
    if words.len() < MIN_WORDS {
        return None;
    }
    let states = |need: &str| {
        let mut rest = words.iter();
        need.split(' ').all(|part| rest.any(|word| word == part))
    };
    NEEDS.iter().find(|(need, _)| states(need)).map(|(_, answer)| *answer)
}

/// Returns the word for the lack that these texts begin with, and how many of them state it.
pub(super) fn lack<'a>(
    texts: impl Iterator<Item = &'a str> + Clone,
) -> Option<(usize, &'static str)> {
    LACKS.iter().find_map(|(lack, word)| {
        let length = lack.split(' ').count();
        (texts.clone().take(length).eq(lack.split(' '))).then_some((length, *word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_have_answers() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(answer(&words("boil water for tea")), Some("kettle"));
        assert_eq!(answer(&words("water boiler")), None);
        assert_eq!(answer(&words("laptop lock black")), None);
        assert_eq!(lack(["without", "a", "cable"].into_iter()), Some((3, "wireless")));
        assert_eq!(lack(["without", "case"].into_iter()), None);
    }
}
