//! Which namespace declarations the canonical form shows at an element.

use crate::xml::Declaration;
use crate::xml::lex::same;
use std::collections::{BTreeMap, BTreeSet};

/// Prefix (empty: the default namespace) and URI (empty: none).
pub(super) type Shown<'t> = (&'t str, &'t str);

/// Namespaces in scope, and namespaces that an output ancestor has shown.
///
/// A namespace is shown at an element where it is in scope and the nearest output ancestor that
/// could have shown this prefix showed something else. Both forms are this one rule; they differ in
/// the prefixes it is asked for.
#[derive(Default)]
pub(super) struct Namespaces<'t> {
    in_scope: BTreeMap<&'t str, Vec<&'t str>>,
    shown: BTreeMap<&'t str, Vec<&'t str>>,
    /// For each open output element the prefixes that it showed.
    frames: Vec<Vec<&'t str>>,
    /// Prefixes that were found to be shown as they are in scope, since either changed last.
    settled: Vec<&'t str>,
}

/// More settled prefixes than these are not remembered.
const SETTLED: usize = 8;

impl<'t> Namespaces<'t> {
    pub(super) fn enter(&mut self, declared: &'t [Declaration<'t>]) {
        if !declared.is_empty() {
            self.settled.clear();
        }
        for declaration in declared.iter().filter(|one| one.prefix != "xml") {
            let stack = self.in_scope.entry(declaration.prefix).or_default();
            stack.push(&declaration.uri);
        }
    }

    pub(super) fn leave(&mut self, declared: &'t [Declaration<'t>]) {
        if !declared.is_empty() {
            self.settled.clear();
        }
        for declaration in declared.iter().filter(|one| one.prefix != "xml") {
            if let Some(stack) = self.in_scope.get_mut(declaration.prefix) {
                stack.pop();
                if stack.is_empty() {
                    self.in_scope.remove(declaration.prefix);
                }
            }
        }
    }

    pub(super) fn in_scope_len(&self) -> usize {
        self.in_scope.len()
    }

    /// Canonical XML 1.0 §2.3, for an element whose parent was written: what it declares itself.
    pub(super) fn changed(&mut self, declared: &'t [Declaration<'t>]) -> Vec<Shown<'t>> {
        let prefixes = declared.iter().map(|declaration| declaration.prefix);
        let prefixes = prefixes.collect();
        self.show(prefixes)
    }

    /// Canonical XML 1.0 §2.3, for any element: everything in scope.
    pub(super) fn all(&mut self) -> Vec<Shown<'t>> {
        let prefixes = self.in_scope.keys().copied();
        self.show(prefixes.collect())
    }

    /// Exclusive XML Canonicalization 1.0 §3: the prefixes that the element's own name and
    /// attributes use, and those of the list as the inclusive form would show them.
    pub(super) fn exclusive(
        &mut self,
        used: impl Iterator<Item = &'t str>,
        list: &BTreeSet<String>,
        parent_shown: bool,
        declared: &'t [Declaration<'t>],
    ) -> Vec<Shown<'t>> {
        let is_settled = |prefix: &&'t str| self.settled.iter().any(|one| same(one, prefix));
        let mut prefixes: BTreeSet<&'t str> = used.filter(|one| !is_settled(one)).collect();
        if !list.is_empty() {
            let from_list = |prefix: &&'t str| list.contains(*prefix);
            if parent_shown {
                let own = declared.iter().map(|declaration| declaration.prefix);
                prefixes.extend(own.filter(from_list));
            } else {
                prefixes.extend(self.in_scope.keys().copied().filter(from_list));
            }
        }
        self.show(prefixes)
    }

    /// What of these prefixes must be written, in the order of Canonical XML 1.0 §2.2; remembers it
    /// as shown.
    fn show(&mut self, prefixes: BTreeSet<&'t str>) -> Vec<Shown<'t>> {
        let top = |stacks: &BTreeMap<&'t str, Vec<&'t str>>, prefix: &str| {
            stacks
                .get(prefix)
                .and_then(|stack| stack.last().copied())
                .unwrap_or_default()
        };
        let mut result = Vec::new();
        for prefix in prefixes {
            let uri = top(&self.in_scope, prefix);
            if prefix != "xml" && uri != top(&self.shown, prefix) {
                self.shown.entry(prefix).or_default().push(uri);
                result.push((prefix, uri));
                self.settled.clear();
            } else if self.settled.len() < SETTLED {
                self.settled.push(prefix);
            }
        }
        self.frames
            .push(result.iter().map(|(prefix, _)| *prefix).collect());
        result
    }

    /// An output element ends.
    pub(super) fn forget_shown(&mut self) {
        let shown = self.frames.pop().unwrap_or_default();
        if !shown.is_empty() {
            self.settled.clear();
        }
        for prefix in shown {
            if let Some(stack) = self.shown.get_mut(prefix) {
                stack.pop();
                if stack.is_empty() {
                    self.shown.remove(prefix);
                }
            }
        }
    }
}
