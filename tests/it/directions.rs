//! Texts with a direction of their own, on a site that is read from right to left.

use crate::harness::projects::{ONE_MODEL, project};

/// The text of a badge as a picture begins where its readers begin.
#[test]
fn a_badge_is_read_in_the_direction_of_its_site() {
    let badge = |direction: &str| {
        let settings = format!("text-direction = \"{direction}\"\n");
        let built = project(ONE_MODEL)
            .replace("book.toml", "[book]\n", &format!("[book]\n{settings}"))
            .builds();
        built.page("badges/saas/keys.svg").to_string()
    };
    let attribute = |svg: &str, of: &str, name: &str| {
        let svg = roxmltree::Document::parse(svg).unwrap();
        let mut found = svg
            .descendants()
            .filter(|n| n.has_tag_name(("http://www.w3.org/2000/svg", of)));
        found.next().unwrap().attribute(name).map(str::to_string)
    };
    let [ltr, rtl] = ["ltr", "rtl"].map(badge);
    let wide: f64 = attribute(&ltr, "svg", "width").unwrap().parse().unwrap();
    assert_eq!(attribute(&ltr, "text", "direction"), None);
    assert_eq!(attribute(&rtl, "text", "direction").as_deref(), Some("rtl"));
    let x = |svg: &str| attribute(svg, "text", "x").unwrap().parse::<f64>().unwrap();
    assert_eq!(x(&rtl), wide - x(&ltr));
}
