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
    /// Prefixes in scope, in the order in which they were declared first: a stack, as an element
    /// ends before those around it.
    prefixes: Vec<Prefix<'t>>,
    /// Where the prefixes behind the first [`FEW`] are.
    further: BTreeMap<&'t str, usize>,
    /// What was in scope before each declaration of the open elements.
    before: Vec<Option<&'t str>>,
    /// What was shown before each declaration that the open elements show.
    shown_before: Vec<(usize, Option<&'t str>)>,
    /// How many of these there were when each open output element began.
    frames: Vec<usize>,
    /// What the element that was asked for last shows.
    result: Vec<Shown<'t>>,
}

struct Prefix<'t> {
    name: &'t str,
    in_scope: Option<&'t str>,
    shown: Option<&'t str>,
}

/// So many prefixes are compared one by one, which is faster than a search.
const FEW: usize = 8;

impl<'t> Namespaces<'t> {
    pub(super) fn enter(&mut self, declared: &'t [Declaration<'t>]) {
        for declaration in declared.iter().filter(|one| one.prefix != "xml") {
            let place = self.find(declaration.prefix).unwrap_or_else(|| {
                let place = self.prefixes.len();
                self.prefixes.push(Prefix {
                    name: declaration.prefix,
                    in_scope: None,
                    shown: None,
                });
                if place >= FEW {
                    self.further.insert(declaration.prefix, place);
                }
                place
            });
            if let Some(prefix) = self.prefixes.get_mut(place) {
                self.before.push(prefix.in_scope);
                prefix.in_scope = Some(&declaration.uri);
            }
        }
    }

    pub(super) fn leave(&mut self, declared: &'t [Declaration<'t>]) {
        for declaration in declared.iter().rev().filter(|one| one.prefix != "xml") {
            let before = self.before.pop().flatten();
            let place = self.find(declaration.prefix);
            if let Some(prefix) = place.and_then(|place| self.prefixes.get_mut(place)) {
                prefix.in_scope = before;
            }
            if before.is_none() {
                self.prefixes.pop();
                if self.prefixes.len() >= FEW {
                    self.further.remove(declaration.prefix);
                }
            }
        }
    }

    fn find(&self, prefix: &str) -> Option<usize> {
        let mut few = self.prefixes.iter().take(FEW);
        let found = few.position(|one| same(one.name, prefix));
        found.or_else(|| self.further.get(prefix).copied())
    }

    pub(super) fn in_scope_len(&self) -> usize {
        self.prefixes.len()
    }

    /// Canonical XML 1.0 §2.3, for an element whose parent was written: what it declares itself.
    pub(super) fn changed(&mut self, declared: &'t [Declaration<'t>]) -> &[Shown<'t>] {
        self.begin();
        for declaration in declared {
            self.show(declaration.prefix);
        }
        self.ordered()
    }

    /// Canonical XML 1.0 §2.3, for any element: everything in scope.
    pub(super) fn all(&mut self) -> &[Shown<'t>] {
        self.begin();
        for place in 0..self.prefixes.len() {
            self.show_at(place);
        }
        self.ordered()
    }

    /// Exclusive XML Canonicalization 1.0 §3: the prefixes that the element's own name and
    /// attributes use, and those of the list as the inclusive form would show them.
    pub(super) fn exclusive(
        &mut self,
        used: impl Iterator<Item = &'t str>,
        list: &BTreeSet<String>,
        parent_shown: bool,
        declared: &'t [Declaration<'t>],
    ) -> &[Shown<'t>] {
        self.begin();
        used.for_each(|prefix| self.show(prefix));
        if !list.is_empty() {
            if parent_shown {
                let own = declared.iter().map(|declaration| declaration.prefix);
                own.filter(|prefix| list.contains(*prefix))
                    .for_each(|prefix| self.show(prefix));
            } else {
                for place in 0..self.prefixes.len() {
                    let prefix = self.prefixes.get(place);
                    if prefix.is_some_and(|prefix| list.contains(prefix.name)) {
                        self.show_at(place);
                    }
                }
            }
        }
        self.ordered()
    }

    fn begin(&mut self) {
        self.result.clear();
        self.frames.push(self.shown_before.len());
    }

    /// A prefix that was never declared here stands for nothing, and nothing was shown for it.
    fn show(&mut self, prefix: &str) {
        if let Some(place) = self.find(prefix) {
            self.show_at(place);
        }
    }

    /// Shows a prefix where it must be written, and remembers that.
    fn show_at(&mut self, place: usize) {
        let Some(prefix) = self.prefixes.get_mut(place) else {
            return;
        };
        let uri = prefix.in_scope.unwrap_or_default();
        let shown = prefix.shown.unwrap_or_default();
        // Most often both are of the same declaration.
        if std::ptr::eq(uri, shown) || uri == shown {
            return;
        }
        self.shown_before.push((place, prefix.shown));
        prefix.shown = Some(uri);
        self.result.push((prefix.name, uri));
    }

    /// Canonical XML 1.0 §2.2: by prefix, the default namespace first.
    fn ordered(&mut self) -> &[Shown<'t>] {
        if self.result.len() > 1 {
            self.result.sort_unstable_by_key(|(prefix, _)| *prefix);
        }
        &self.result
    }

    /// An output element ends.
    pub(super) fn forget_shown(&mut self) {
        let frame = self.frames.pop().unwrap_or_default();
        while self.shown_before.len() > frame {
            let Some((place, before)) = self.shown_before.pop() else {
                return;
            };
            if let Some(prefix) = self.prefixes.get_mut(place) {
                prefix.shown = before;
            }
        }
    }
}
