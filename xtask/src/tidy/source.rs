//! A Rust source as the rules see it: every path that it names, wherever it stands.
//!
//! Sources are read as token trees, not as items: so the bodies of macros, attributes and tests are
//! seen exactly like the rest. Each `a::b::c` is a name, whether in a `use` tree, an expression or
//! a macro's pattern.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::str::FromStr;

/// A path that a source names, resolved as far as it can be without types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// Its segments; the first is `crate` for a path of the same crate.
    pub(super) segments: Vec<String>,
    /// Line, from 1.
    pub(super) line: usize,
    /// Inside `#[cfg(test)]`, or in a file of tests.
    pub(super) in_test: bool,
    /// From a `use` tree.
    pub(super) imported: bool,
}

impl Name {
    /// Whether the path begins with these segments.
    pub(super) fn begins(&self, prefix: &[&str]) -> bool {
        self.segments.len() >= prefix.len()
            && self
                .segments
                .iter()
                .zip(prefix)
                .all(|(have, want)| have == want)
    }

    /// The path as it is written.
    pub(super) fn text(&self) -> String {
        self.segments.join("::")
    }

    /// The module of the crate that the path leads into, and the rest.
    pub(super) fn module(&self) -> Option<(&str, &[String])> {
        match self.segments.split_first()? {
            (first, rest) if first == "crate" => {
                let (module, rest) = rest.split_first()?;
                Some((module, rest))
            }
            _ => None,
        }
    }
}

/// A parsed source.
#[derive(Debug, Default)]
pub(super) struct Source {
    /// Every path of two or more segments, and every `use`d name.
    pub(super) names: Vec<Name>,
    /// Names of functions: name, line, in a test.
    pub(super) functions: Vec<(String, usize, bool)>,
    /// Macro calls: name, line, in a test.
    pub(super) macros: Vec<(String, usize, bool)>,
    /// Attributes: their tokens, line, in a test, inner (`#![…]`).
    pub(super) attributes: Vec<Attribute>,
    /// Modules declared under `#[cfg(test)]` whose file is another one.
    pub(super) test_modules: Vec<Vec<String>>,
    /// Lines inside `#[cfg(test)]`.
    pub(super) test_lines: usize,
}

/// An attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    /// First identifier: `allow`, `forbid`, `derive`…
    pub(super) name: String,
    /// Everything, without spaces.
    pub(super) text: String,
    /// Line, from 1.
    pub(super) line: usize,
    /// `#![…]`.
    pub(super) inner: bool,
}

/// Parses a source whose items stand in `module` (segments below the crate).
pub(super) fn parse(text: &str, module: &[String], test_file: bool) -> Result<Source, String> {
    // A byte-order mark and a shebang line are no tokens.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let tokens = TokenStream::from_str(text).map_err(|error| error.to_string())?;
    let mut source = Source::default();
    let mut scope = Scope {
        module: module.to_vec(),
        in_test: test_file,
        local: Vec::new(),
    };
    walk(
        &tokens.into_iter().collect::<Vec<_>>(),
        &mut scope,
        &mut source,
    );
    if test_file {
        source.test_lines = text.lines().count();
    }
    Ok(source)
}

struct Scope {
    module: Vec<String>,
    in_test: bool,
    /// Names brought in by `use`, with what they stand for.
    local: Vec<(String, Vec<String>)>,
}

fn ident(token: Option<&TokenTree>) -> Option<String> {
    match token {
        Some(TokenTree::Ident(ident)) => {
            let text = ident.to_string();
            Some(
                text.strip_prefix("r#")
                    .map(ToOwned::to_owned)
                    .unwrap_or(text),
            )
        }
        _ => None,
    }
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

fn is_separator(tokens: &[TokenTree], at: usize) -> bool {
    is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':')
}

fn line(token: Option<&TokenTree>) -> usize {
    token.map_or(0, |token| token.span().start().line)
}

/// Visits a list of tokens; groups are visited after the list itself has been split into paths.
fn walk(tokens: &[TokenTree], scope: &mut Scope, source: &mut Source) {
    let mut at = 0;
    let mut test_next = false;
    while at < tokens.len() {
        let token = tokens.get(at);
        if is_punct(token, '#')
            && let Some(next) = attribute(tokens, at, source, &mut test_next)
        {
            at = next;
            continue;
        }
        match ident(token).as_deref() {
            Some("use") if !is_punct(tokens.get(at.wrapping_sub(1)), '$') => {
                let end = (at..tokens.len())
                    .find(|index| is_punct(tokens.get(*index), ';'))
                    .unwrap_or(tokens.len());
                let was = scope.in_test;
                scope.in_test |= std::mem::take(&mut test_next);
                if let Some(tree) = tokens.get(at + 1..end) {
                    use_tree(tree, Vec::new(), scope, source);
                }
                scope.in_test = was;
                at = end + 1;
                continue;
            }
            Some("mod") => {
                if let (Some(name), Some(TokenTree::Group(group))) =
                    (ident(tokens.get(at + 1)), tokens.get(at + 2))
                {
                    let was = scope.in_test;
                    let test = std::mem::take(&mut test_next);
                    scope.in_test |= test;
                    scope.module.push(name);
                    let kept = scope.local.len();
                    walk(
                        &group.stream().into_iter().collect::<Vec<_>>(),
                        scope,
                        source,
                    );
                    scope.local.truncate(kept);
                    scope.module.pop();
                    if test && !was {
                        let lines = group.span_close().end().line - line(token) + 1;
                        source.test_lines += lines;
                    }
                    scope.in_test = was;
                    at += 3;
                    continue;
                }
                if let Some(name) = ident(tokens.get(at + 1))
                    && test_next
                {
                    let mut module = scope.module.clone();
                    module.push(name);
                    source.test_modules.push(module);
                }
            }
            Some("fn") => {
                if let Some(name) = ident(tokens.get(at + 1)) {
                    source
                        .functions
                        .push((name, line(token), scope.in_test || test_next));
                }
            }
            Some(_) => {
                if let Some(next) = path(tokens, at, scope, source, test_next) {
                    at = next;
                    continue;
                }
            }
            None => {}
        }
        if let Some(TokenTree::Group(group)) = token {
            let was = scope.in_test;
            scope.in_test |= test_next;
            let kept = scope.local.len();
            walk(
                &group.stream().into_iter().collect::<Vec<_>>(),
                scope,
                source,
            );
            scope.local.truncate(kept);
            scope.in_test = was;
            if group.delimiter() == Delimiter::Brace {
                test_next = false;
            }
        }
        if is_punct(token, ';') {
            test_next = false;
        }
        at += 1;
    }
}

fn attribute(
    tokens: &[TokenTree],
    at: usize,
    source: &mut Source,
    test_next: &mut bool,
) -> Option<usize> {
    let inner = is_punct(tokens.get(at + 1), '!');
    let place = if inner { at + 2 } else { at + 1 };
    let Some(TokenTree::Group(group)) = tokens.get(place) else {
        return None;
    };
    if group.delimiter() != Delimiter::Bracket {
        return None;
    }
    let inside: Vec<TokenTree> = group.stream().into_iter().collect();
    let text: String = group
        .stream()
        .to_string()
        .chars()
        .filter(|sign| !sign.is_whitespace())
        .collect();
    let name = ident(inside.first()).unwrap_or_default();
    if name == "cfg" && text.contains("test") && !text.contains("not(test)") {
        *test_next = true;
    }
    source.attributes.push(Attribute {
        name,
        text,
        line: line(tokens.get(at)),
        inner,
    });
    Some(place + 1)
}

/// A path beginning here; returns where to go on when there is one.
fn path(
    tokens: &[TokenTree],
    at: usize,
    scope: &Scope,
    source: &mut Source,
    test_next: bool,
) -> Option<usize> {
    let first = ident(tokens.get(at))?;
    if is_punct(tokens.get(at + 1), '!') && !is_punct(tokens.get(at + 2), '=') {
        source.macros.push((
            first.clone(),
            line(tokens.get(at)),
            scope.in_test || test_next,
        ));
    }
    // The tail of a path was consumed with its head; `.name` is a field or method.
    let global = at >= 2 && is_separator(tokens, at - 2);
    let mut segments = vec![first];
    let mut next = at + 1;
    while is_separator(tokens, next) {
        match ident(tokens.get(next + 2)) {
            Some(segment) => {
                segments.push(segment);
                next += 3;
            }
            None => break,
        }
    }
    if segments.len() == 1 {
        return None;
    }
    let in_test = scope.in_test || test_next;
    let resolved = if global {
        segments
    } else {
        resolve(segments, scope)
    };
    source.names.push(Name {
        segments: resolved,
        line: line(tokens.get(at)),
        in_test,
        imported: false,
    });
    if is_punct(tokens.get(next), '!')
        && let Some(last) = source.names.last().and_then(|name| name.segments.last())
    {
        source
            .macros
            .push((last.clone(), line(tokens.get(at)), in_test));
    }
    Some(next)
}

/// `self`, `super` and what was imported under another name become full paths.
fn resolve(segments: Vec<String>, scope: &Scope) -> Vec<String> {
    let mut base = scope.module.clone();
    let mut rest = segments.as_slice();
    let mut relative = false;
    while let Some((first, tail)) = rest.split_first() {
        match first.as_str() {
            "self" => {
                relative = true;
                rest = tail;
            }
            "super" => {
                relative = true;
                base.pop();
                rest = tail;
            }
            _ => break,
        }
    }
    if relative {
        let mut full = vec!["crate".to_owned()];
        full.extend(base);
        full.extend(rest.iter().cloned());
        return full;
    }
    if let Some((first, tail)) = segments.split_first()
        && let Some((_, stands_for)) = scope.local.iter().rev().find(|(name, _)| name == first)
    {
        let mut full = stands_for.clone();
        full.extend(tail.iter().cloned());
        return full;
    }
    segments
}

/// A `use` tree: every leaf is a name.
fn use_tree(tokens: &[TokenTree], prefix: Vec<String>, scope: &mut Scope, source: &mut Source) {
    let mut at = 0;
    // A leading `::` names an external crate.
    if is_separator(tokens, at) {
        at += 2;
    }
    let mut segments = prefix;
    let start = line(tokens.first());
    let mut alias = None;
    let mut glob = false;
    let mut leaf = true;
    while at < tokens.len() {
        match tokens.get(at) {
            Some(TokenTree::Ident(_)) => {
                let name = ident(tokens.get(at)).unwrap_or_default();
                if name == "as" {
                    alias = ident(tokens.get(at + 1));
                    break;
                }
                segments.push(name);
                at += 1;
            }
            Some(TokenTree::Punct(punct)) if punct.as_char() == '*' => {
                glob = true;
                at += 1;
            }
            Some(TokenTree::Group(group)) => {
                leaf = false;
                let inside: Vec<TokenTree> = group.stream().into_iter().collect();
                for branch in inside.split(|token| is_punct(Some(token), ',')) {
                    if !branch.is_empty() {
                        use_tree(branch, segments.clone(), scope, source);
                    }
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
    if !leaf {
        return;
    }
    if segments.last().is_some_and(|last| last == "self") && segments.len() > 1 {
        segments.pop();
    }
    let last = segments.last().cloned();
    let mut full = resolve(segments, scope);
    if glob {
        full.push("*".to_owned());
    } else if let Some(name) = alias.or(last) {
        scope.local.push((name, full.clone()));
    }
    source.names.push(Name {
        segments: full,
        line: start,
        in_test: scope.in_test,
        imported: true,
    });
}
