use std::collections::BTreeSet;
use std::path::PathBuf;

use super::*;

fn committed() -> BTreeMap<String, Vec<u8>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let mut files = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                files.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    files
}

#[test]
fn what_is_committed_is_what_is_generated() {
    let (made, committed) = (generate().unwrap(), committed());
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(
        names(&made),
        names(&committed),
        "run the generator named in the sets"
    );
    for (name, octets) in made {
        assert!(
            committed[&name] == octets,
            "{name} differs: run the generator"
        );
    }
}

#[test]
fn ids_are_unique_and_every_vector_says_why() {
    let mut ids = BTreeSet::new();
    for set in sets().unwrap() {
        for vector in set.vectors {
            assert!(ids.insert(vector.id.clone()), "{} twice", vector.id);
            assert!(
                vector.id.starts_with(&format!("{}::", set.set)),
                "{}",
                vector.id
            );
            assert!(!vector.comment.is_empty(), "{} says nothing", vector.id);
            assert!(
                vector.clause.contains('§'),
                "{}: {}",
                vector.id,
                vector.clause
            );
            assert!(!vector.octets.is_empty(), "{}", vector.id);
        }
    }
}

#[test]
fn vectors_that_must_not_pass_outnumber_those_that_must() {
    let sets = sets().unwrap();
    let all = || sets.iter().flat_map(|set| &set.vectors);
    let passing = all().filter(|vector| vector.expected.passed).count();
    assert!(passing * 2 < all().count());
}

/// The properties that the schema knows for a definition, and those that it requires.
fn members(schema: &serde_json::Value) -> (BTreeSet<&str>, BTreeSet<&str>) {
    let known = schema["properties"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let required = schema["required"].as_array().unwrap().iter();
    (known, required.map(|name| name.as_str().unwrap()).collect())
}

#[test]
fn sets_have_the_members_of_the_schema() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema.json");
    let schema: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let fits = |value: &serde_json::Value, schema: &serde_json::Value| {
        let (known, required) = members(schema);
        let has: BTreeSet<&str> = value
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert!(has.is_subset(&known) && required.is_subset(&has), "{value}");
    };
    for set in sets().unwrap() {
        let set = serde_json::to_value(set).unwrap();
        fits(&set, &schema);
        for vector in set["vectors"].as_array().unwrap() {
            fits(vector, &schema["$defs"]["vector"]);
            fits(&vector["expected"], &schema["$defs"]["expected"]);
            assert_eq!(
                vector["id"].as_str().unwrap().split("::").count(),
                3,
                "{vector}"
            );
        }
    }
}
