//! The files of the four languages against the list of keys, and against each other.

use super::*;
use fluent_syntax::ast;
use fluent_syntax::parser::parse;
use std::collections::{BTreeMap, BTreeSet};

const ERROR_CODES: &str = include_str!("../../../core/tests/frozen/error-codes.txt");

/// Values that stand in each message and attribute, by key.
type Placeables = BTreeMap<String, BTreeSet<String>>;

/// Every message of a language: `key` and `key.attribute`.
fn messages(language: Language) -> Placeables {
    let mut found = Placeables::new();
    for text in resources(language) {
        let resource = parse(*text).unwrap_or_else(|(_, errors)| panic!("{language}: {errors:?}"));
        for entry in resource.body {
            let ast::Entry::Message(message) = entry else {
                assert!(!matches!(entry, ast::Entry::Junk { .. }), "{language}");
                continue;
            };
            let key = message.id.name.to_owned();
            let value = message.value.unwrap_or_else(|| panic!("{language}: {key}"));
            let mut add = |key: String, pattern: &ast::Pattern<&str>| {
                let mut values = BTreeSet::new();
                collect(pattern, &mut values);
                let before = found.insert(key.clone(), values);
                assert!(before.is_none(), "{language}: {key} stands twice");
            };
            add(key.clone(), &value);
            for attribute in message.attributes {
                add(format!("{key}.{}", attribute.id.name), &attribute.value);
            }
        }
    }
    found
}

fn collect(pattern: &ast::Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            expression_values(expression, found);
        }
    }
}

fn expression_values(expression: &ast::Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        ast::Expression::Inline(inline) => inline_values(inline, found),
        ast::Expression::Select { selector, variants } => {
            inline_values(selector, found);
            for variant in variants {
                collect(&variant.value, found);
            }
        }
    }
}

fn inline_values(inline: &ast::InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        ast::InlineExpression::FunctionReference { id, arguments } => {
            assert_eq!(id.name, "NUMBER");
            for argument in &arguments.positional {
                inline_values(argument, found);
            }
        }
        ast::InlineExpression::Placeable { expression } => expression_values(expression, found),
        _ => {}
    }
}

/// Every key that the code can ask for, with the values that it gives.
fn wanted() -> Placeables {
    let mut wanted = Placeables::new();
    let mut add = |key: String, values: &[&str]| {
        let values = values.iter().map(ToString::to_string).collect();
        assert!(wanted.insert(key.clone(), values).is_none(), "{key}");
    };
    for check in CheckId::ALL {
        add(key_of("check", check.as_str()), &[]);
    }
    for code in ERROR_CODES.lines() {
        let key = key_of("error", code);
        add(format!("{key}.advice"), &[]);
        add(key, &[]);
    }
    for sub in SubIndication::ALL {
        let key = key_of("sub", sub.as_str());
        add(format!("{key}.advice"), &[]);
        add(key, &[]);
    }
    for indication in Indication::ALL {
        add(key_of("indication", indication.as_str()), &[]);
    }
    for indication in BlockIndication::ALL {
        add(block_key(*indication).to_owned(), &[]);
    }
    for integrity in Integrity::ALL {
        add(key_of("integrity", integrity.as_str()), &[]);
    }
    for class in ChangeClass::ALL {
        for action in ChangeAction::ALL {
            add(change_key(*class, *action), &[]);
        }
    }
    for (phrase, values) in Phrase::ALL {
        add(phrase.key().to_owned(), values);
    }
    #[cfg(feature = "pages")]
    for (phrase, values) in crate::phrase::PagePhrase::ALL {
        add(phrase.key().to_owned(), values);
    }
    #[cfg(feature = "command")]
    for member in crate::command::FACTS {
        add(key_of("fact", member), &[]);
    }
    #[cfg(feature = "command")]
    for (phrase, values) in crate::certificate::CertificatePhrase::ALL {
        add(phrase.key().to_owned(), values);
    }
    #[cfg(feature = "command")]
    for sub in crate::certificate::SUBS {
        let key = key_of("certificate-sub", sub.as_str());
        add(format!("{key}.advice"), &[]);
        add(key, &[]);
    }
    #[cfg(feature = "command")]
    for (sentence, values) in crate::Sentence::ALL {
        add(sentence.key().to_owned(), values);
    }
    wanted
}

#[test]
fn no_key_is_missing_or_unused_in_any_language() {
    let wanted: BTreeSet<_> = wanted().into_keys().collect();
    for language in Language::ALL {
        let found: BTreeSet<_> = messages(*language).into_keys().collect();
        let missing: Vec<_> = wanted.difference(&found).collect();
        // Advice of a sentence of the command is there where there is something to advise.
        let is_advice = |key: &&String| {
            key.strip_suffix(".advice")
                .is_some_and(|sentence| wanted.contains(sentence))
        };
        let unused: Vec<_> = found
            .difference(&wanted)
            .filter(|key| !is_advice(key))
            .collect();
        assert!(missing.is_empty(), "{language}: missing {missing:?}");
        assert!(unused.is_empty(), "{language}: unused {unused:?}");
    }
}

#[test]
fn no_value_is_unknown_or_left_out_in_one_language_alone() {
    let wanted = wanted();
    let english = messages(Language::En);
    for language in Language::ALL {
        let found = messages(*language);
        assert!(
            found.keys().eq(english.keys()),
            "{language}: advice of other sentences"
        );
        for (key, values) in &found {
            let sentence = key.split('.').next().unwrap();
            let allowed = wanted.get(sentence).cloned().unwrap_or_default();
            assert!(values.is_subset(&allowed), "{language}: {key} {values:?}");
            // A count may be left to one language's grammar; what is said in it may not.
            let said = |values: &BTreeSet<String>| -> BTreeSet<String> {
                let is_said = |name: &&String| !["count", "bad"].contains(&name.as_str());
                values.iter().filter(is_said).cloned().collect()
            };
            assert_eq!(said(values), said(&english[key]), "{language}: {key}");
            // What is given is said, in the sentence or in its advice.
            if let Some(given) = wanted.get(key) {
                let advice = found.get(&format!("{key}.advice"));
                let all = values
                    .union(advice.unwrap_or(&BTreeSet::new()))
                    .cloned()
                    .collect();
                assert_eq!(said(given), said(&all), "{language}: {key}");
            }
        }
    }
}

#[test]
fn every_message_is_said_without_errors_and_differs_from_its_key() {
    for language in Language::ALL {
        let bundle = bundle(*language);
        for (key, values) in messages(*language) {
            let mut arguments = FluentArgs::new();
            for value in values {
                arguments.set(value, FluentValue::from(2));
            }
            let (id, attribute) = match key.split_once('.') {
                Some((id, attribute)) => (id, Some(attribute)),
                None => (key.as_str(), None),
            };
            let message = bundle.get_message(id).unwrap();
            let pattern = match attribute {
                Some(name) => message.get_attribute(name).unwrap().value(),
                None => message.value().unwrap(),
            };
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors);
            assert!(errors.is_empty(), "{language}: {key} {errors:?}");
            assert!(!text.trim().is_empty() && text != id, "{language}: {key}");
            assert_eq!(text, crate::sink::terminal(&text), "{language}: {key}");
        }
    }
}

#[test]
fn sentences_for_a_citizen_end_as_sentences_do() {
    for language in Language::ALL {
        let words = Words::new(*language);
        let errors = ERROR_CODES.lines().map(|code| words.error(code).unwrap());
        let subs = SubIndication::ALL
            .iter()
            .map(|sub| words.sub_indication(*sub));
        for Explained { what, advice } in errors.chain(subs) {
            assert!(what.ends_with('.'), "{language}: {what}");
            assert!(advice.ends_with(['.', '?']), "{language}: {advice}");
        }
        for check in CheckId::ALL {
            assert!(words.check(*check).ends_with('.'), "{language}: {check}");
        }
    }
}

#[test]
fn each_language_has_its_own_letters_and_no_others() {
    let letters: [(Language, &str); 3] = [
        (Language::Az, "abcçdeəfgğhxıijkqlmnoöprsştuüvyz"),
        (Language::Tr, "abcçdefgğhıijklmnoöprsştuüvyz"),
        (Language::Ru, "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
    ];
    for (language, alphabet) in letters {
        let words = Words::new(language);
        for check in CheckId::ALL {
            let text = words.check(*check);
            let foreign = text.split([' ', '.', ',', ':']).filter(|word| {
                // Names of formats are the same in every language.
                let is_name = word.chars().all(|one| one.is_ascii_uppercase());
                let lower = word.replace('İ', "i").replace('I', "ı").to_lowercase();
                !is_name
                    && lower
                        .chars()
                        .any(|one| one.is_alphabetic() && !alphabet.contains(one))
            });
            assert_eq!(foreign.collect::<Vec<_>>(), [""; 0], "{language}: {text}");
        }
    }
}

#[test]
fn ordinals_and_plurals_follow_the_grammar() {
    let heading = |language, index| {
        let values = [
            ("index", Value::Number(index)),
            ("count", Value::Number(60)),
        ];
        Words::new(language).say_with(Phrase::HeadingSignature, &values)
    };
    for (index, form) in [
        (1, "1-ci"),
        (2, "2-ci"),
        (3, "3-cü"),
        (4, "4-cü"),
        (6, "6-cı"),
        (9, "9-cu"),
        (10, "10-cu"),
        (13, "13-cü"),
        (20, "20-ci"),
        (40, "40-cı"),
        (100, "100-cü"),
    ] {
        let text = heading(Language::Az, index);
        assert_eq!(text, format!("{form} imza (cəmi 60)"));
    }
    assert_eq!(heading(Language::Tr, 3), "3. imza (toplam 60)");
    let anchors = |language, count| {
        Words::new(language).say_with(Phrase::TrustAnchors, &[("count", Value::Number(count))])
    };
    for (count, russian) in [
        (1, "1 корень доверия"),
        (2, "2 корня доверия"),
        (5, "5 корней доверия"),
        (11, "11 корней доверия"),
        (21, "21 корень доверия"),
        (112, "112 корней доверия"),
    ] {
        assert_eq!(anchors(Language::Ru, count), russian);
    }
    assert_eq!(anchors(Language::Az, 5), "5 etibar lövbəri");
    assert_eq!(anchors(Language::Tr, 5), "5 güven kaynağı");
}

#[test]
fn a_code_that_is_not_known_has_no_words() {
    assert_eq!(Words::new(Language::Az).error("nonsense"), None);
}

#[test]
fn words_can_be_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Words>();
}
