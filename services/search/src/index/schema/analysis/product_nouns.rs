//! Nouns of products in English, in the singular: possible heads of a title.
//!
//! From general shop departments (electronics, office, home, clothes, tools, toys), as a dictionary lists them. A
//! catalogue's own categories add to them.

use std::{collections::HashSet, sync::LazyLock};

/// Nouns, sorted.
const NOUNS: &str = "\
    accessory adapter adaptor amplifier antenna arm backpack bag bank bar barebone basin basket \
    bath battery bay bed belt bench bicycle bike binder blade blanket blender block board book \
    boot bottle bowl box bracket breaker bridge brush bulb cabinet cable caddy calculator \
    camcorder camera candle cap capacitor card carrier cart cartridge case chain chair charger \
    chassis chromebook cleaner clip clipper clock coat coffee collector combo component computer \
    connector console controller converter cooker cooler copier cord coupler cover cpu cradle \
    cup cupboard desk desktop developer device disc dish disk display dock doll door drawer \
    dress drill drive driver drum dryer dvd earbud earphone ebook elbow enclosure envelope \
    extender extension fan fax feeder filter finisher floorstand folder food fork frame freezer \
    fridge fryer furniture fuse fuser game gasket gateway glass glove glue graphic grinder \
    guitar hammer handbag handle handset hat headphone headset heater helmet holder hood hook \
    hose housing hub injector ink iron jack jacket jar jumper kbd kettle key keyboard keypad kit \
    knife kvm label lamination lamp lantern laptop laser lead lens lenses licence license light \
    link lock loudspeaker luggage machine maintenance marker mat mattress media memory meter \
    microphone microscope microwave mirror mixer modem module monitor motherboard motor mount \
    mouse mousepad mug multimeter nas netbook notebook nozzle oil organizer oven pack pad paint \
    pan panel pants paper part pc pdu pen pencil perfume phone photocopier pillow pipe plate \
    platform player plotter plug pocket pod pot pouch powerbank presenter printer printhead \
    processor projector protector pump purse puzzle rack radio rail ram razor reader receiver \
    recorder refrigerator remote repeater replicator resistor ribbon ring riser roller router \
    rug ruler sandal saw scale scanner scarf screen screw screwdriver server service shampoo \
    shaver sheet shelf shirt shoe shower shredder skin skirt sleeve slipcase slot smartphone \
    smartwatch soap sock socket sofa software speaker splitter sponge spoon ssd stacker stand \
    staple stapler station stick sticker stool stove strap strip studio stylus subwoofer suit \
    suitcase supp supply support surge svc sweater switch system table tablet tag tank tape tea \
    telephone television tent terminal thermometer tie toaster toner tool toothbrush torch towel \
    toy transceiver transformer transmitter tray trimmer tripod trolley trousers tube turntable \
    tv umbrella upgrade ups vacuum valve vase wallet wallpaper warranty washer watch webcam \
    wheel whiteboard wire workstation wrench";

/// Nouns of things for other things. A title with one is about it, even if it names others after it.
const ACCESSORIES: &str = "\
    accessory adapter adaptor bag battery bracket cable caddy cap carrier case charger cleaner \
    collector component cord coupler cover cradle dock enclosure extender extension feeder \
    floorstand holder housing keypad kit lock mount pad part pod pouch protector rail remote \
    replicator ribbon riser service shelf skin sleeve slipcase splitter stand station strap supp \
    support svc tray tripod upgrade warranty";

/// Persons and animals that things are for, in the singular, sorted: a thing for another is not similar.
const WEARERS: [&str; 14] = [
    "adult", "baby", "boy", "cat", "child", "dog", "girl", "junior", "kid", "lady", "man", "men",
    "woman", "women",
];

/// Nouns that add nothing to certain nouns before them: a toner cartridge is a toner, but a laptop module is no laptop.
const CONTAINERS: [(&str, &[&str]); 9] = [
    ("cartridge", &["ink", "ribbon", "toner", "drum"]),
    ("computer", &["desktop", "laptop", "notebook", "tablet", "workstation"]),
    ("kit", &["camera", "drive", "drum", "fuser", "headset", "maintenance", "memory", "module"]),
    ("machine", &["coffee", "fax"]),
    ("module", &["memory"]),
    ("pc", &["desktop", "laptop", "notebook", "tablet"]),
    ("phone", &["mobile"]),
    ("tank", &["ink"]),
    ("unit", &["drum", "fuser"]),
];

/// Nouns of the same things, for telling whether a title and a category agree.
const SAME: [&[&str]; 15] = [
    &["tv", "television"],
    &["laptop", "notebook", "chromebook", "netbook"],
    &["desktop", "pc", "computer", "workstation"],
    &["cpu", "processor"],
    &["drive", "hdd", "disk"],
    &["phone", "smartphone", "handset"],
    &["earphone", "headphone", "headset", "earbud"],
    &["toner", "ink", "cartridge"],
    &["paper", "media"],
    &["station", "dock", "replicator"],
    &["cord", "cable", "lead"],
    &["cover", "case", "skin", "sleeve", "pouch", "bag", "backpack"],
    &["rack", "cabinet", "enclosure"],
    &["lamp", "bulb", "light"],
    &["ups", "supply"],
];

/// Whether an English word in the singular is a product's noun.
pub(crate) fn is_product_noun(word: &str) -> bool {
    static SET: LazyLock<HashSet<&str>> =
        LazyLock::new(|| NOUNS.split_ascii_whitespace().collect());
    SET.contains(word)
}

/// Whether a word is the noun of a thing for other things.
pub(crate) fn is_accessory(word: &str) -> bool {
    static SET: LazyLock<HashSet<&str>> =
        LazyLock::new(|| ACCESSORIES.split_ascii_whitespace().collect());
    SET.contains(word)
}

/// Whether a word names a [wearer](WEARERS).
pub(crate) fn is_wearer(word: &str) -> bool {
    WEARERS.binary_search(&word).is_ok()
}

/// Whether a product's noun says no more than the noun before it.
pub(crate) fn is_container(word: &str, before: &str) -> bool {
    CONTAINERS.iter().any(|(container, contents)| *container == word && contents.contains(&before))
}

/// Whether two nouns may name the same thing.
pub(crate) fn may_be_same(a: &str, b: &str) -> bool {
    a == b || SAME.iter().any(|group| group.contains(&a) && group.contains(&b))
}
