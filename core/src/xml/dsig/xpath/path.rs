//! Paths of XPath Filter 2.0.

use super::lexer::{Token, tokens};
use super::{NameTest, Parser};
use crate::error::Limit;
use crate::limits::{Budget, Resource};
use crate::xml::c14n::{Bits, NodeSet, look};
use crate::xml::{Node, NodeId, Tree};

/// A list of operations with subtrees.
///
/// # Standard
/// XPath Filter 2.0 §3.3: the filter set begins as the whole document, each expression changes it,
/// and what it has in common with the input is the result.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    steps: Vec<(Operation, Vec<Path>)>,
    draft: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Intersect,
    Subtract,
    Union,
}

/// A location path; from the root, or from a node.
#[derive(Clone, Debug, PartialEq)]
struct Path {
    from: Option<NodeId>,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
struct Step {
    axis: Axis,
    test: Test,
    /// Alternatives of which one must hold; empty: no condition.
    conditions: Vec<Vec<Condition>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Axis {
    Child,
    Descendant,
    DescendantOrSelf,
    /// The nearest one above only: `ancestor::…[1]`.
    NearestAncestor,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Named(NameTest),
    Any,
}

#[derive(Clone, Debug, PartialEq)]
enum Condition {
    /// An attribute's namespace, name and value.
    Attribute(Option<String>, String, String),
    LocalName(String),
    Namespace(String),
}

/// Steps of one filter: each is a walk over the document.
const STEPS: usize = 32;

impl Filter {
    /// Reads the `XPath` children; none where one is not of the known forms.
    pub(in super::super) fn parse(elements: &[Node<'_>], draft: bool) -> Option<Self> {
        let mut filter = Self {
            steps: Vec::new(),
            draft,
        };
        for element in elements {
            let operation = match element.attribute("Filter")? {
                "intersect" => Operation::Intersect,
                "subtract" => Operation::Subtract,
                "union" => Operation::Union,
                _ => return None,
            };
            let text = element.only_text().ok()?;
            let tokens = tokens(&text)?;
            let mut parser = Parser {
                tokens: tokens.iter(),
                context: *element,
            };
            let mut paths = vec![path(&mut parser)?];
            while parser.take("|") {
                paths.push(path(&mut parser)?);
            }
            if parser.peek().is_some() {
                return None;
            }
            filter.steps.push((operation, paths));
        }
        let steps = filter.steps.iter().flat_map(|(_, paths)| paths);
        let steps: usize = steps.map(|path| path.steps.len()).sum();
        (steps <= STEPS).then_some(filter)
    }

    pub(in super::super) fn apply(
        &self,
        tree: &Tree<'_>,
        set: &mut NodeSet,
        budget: &mut Budget,
    ) -> Result<(), Limit> {
        look(tree, budget)?;
        let mut filter = Bits::new(tree.len());
        for node in tree.root().descendants() {
            if !self.draft || set.contains(node) {
                filter.set(node.id());
            }
        }
        for (operation, paths) in &self.steps {
            let mut found = Bits::new(tree.len());
            for path in paths {
                path.select(tree, budget, &mut found)?;
            }
            look(tree, budget)?;
            let mut next = Bits::new(tree.len());
            let mut expanded = Bits::new(tree.len());
            for node in tree.root().descendants() {
                let id = node.id();
                let parent = || {
                    node.parent()
                        .is_some_and(|parent| expanded.get(parent.id()))
                };
                if found.get(id) || parent() {
                    expanded.set(id);
                }
                let (old, new) = (filter.get(id), expanded.get(id));
                let keep = match operation {
                    Operation::Intersect => old && new,
                    Operation::Subtract => old && !new,
                    Operation::Union => old || new,
                };
                if keep {
                    next.set(id);
                }
            }
            filter = next;
        }
        if self.draft {
            *set = NodeSet::document(tree, set.comments());
        }
        set.filter(tree, budget, |node| filter.get(node.id()))
    }
}

/// `('/' | '//') Step (('/' | '//') Step)*`, or the same after `here()`.
fn path(parser: &mut Parser<'_, '_>) -> Option<Path> {
    let mut path = Path {
        from: None,
        steps: Vec::new(),
    };
    let mut deep = false;
    if parser.take("//") {
        deep = true;
    } else if parser.peek() == Some(Token::Name("", "here")) {
        parser.call("here")?;
        path.from = Some(parser.context.id());
        parser.expect("/")?;
    } else {
        parser.expect("/")?;
        if matches!(parser.peek(), None | Some(Token::Sign("|"))) {
            // The root itself.
            return Some(path);
        }
    }
    loop {
        if deep {
            path.steps.push(Step {
                axis: Axis::DescendantOrSelf,
                test: Test::Any,
                conditions: Vec::new(),
            });
        }
        path.steps.push(step(parser)?);
        if parser.take("//") {
            deep = true;
        } else if parser.take("/") {
            deep = false;
        } else {
            return Some(path);
        }
    }
}

fn step(parser: &mut Parser<'_, '_>) -> Option<Step> {
    let mut axis = Axis::Child;
    for (word, named) in [
        ("child", Axis::Child),
        ("descendant", Axis::Descendant),
        ("descendant-or-self", Axis::DescendantOrSelf),
        ("ancestor", Axis::NearestAncestor),
    ] {
        if parser.axis(word) {
            axis = named;
            break;
        }
    }
    let test = if parser.peek() == Some(Token::Name("", "node"))
        && parser.peek_second() == Some(Token::Sign("("))
    {
        parser.call("node")?;
        Test::Any
    } else {
        Test::Named(parser.name_test()?)
    };
    if axis == Axis::NearestAncestor {
        // Other positions, and positions on other axes, are not read.
        parser.expect("[")?;
        parser.take_token(Token::Number(1)).then_some(())?;
        parser.expect("]")?;
    }
    let mut conditions = Vec::new();
    if parser.take("[") {
        conditions.push(all_of(parser)?);
        while parser.take_word("or") {
            conditions.push(all_of(parser)?);
        }
        parser.expect("]")?;
    }
    Some(Step {
        axis,
        test,
        conditions,
    })
}

fn all_of(parser: &mut Parser<'_, '_>) -> Option<Vec<Condition>> {
    let mut all = vec![condition(parser)?];
    while parser.take_word("and") {
        all.push(condition(parser)?);
    }
    Some(all)
}

fn condition(parser: &mut Parser<'_, '_>) -> Option<Condition> {
    if parser.take("@") {
        let Token::Name(prefix, local) = parser.next()? else {
            return None;
        };
        let namespace = match prefix {
            "" => None,
            prefix => Some(parser.context.namespace_of_prefix(prefix)?.to_owned()),
        };
        parser.expect("=")?;
        let value = parser.literal()?.to_owned();
        return (local != "*").then(|| Condition::Attribute(namespace, local.to_owned(), value));
    }
    let make: fn(String) -> Condition = match parser.peek()? {
        Token::Name("", "local-name") => Condition::LocalName,
        Token::Name("", "namespace-uri") => Condition::Namespace,
        _ => return None,
    };
    parser.next();
    parser.expect("(")?;
    parser.expect(")")?;
    parser.expect("=")?;
    Some(make(parser.literal()?.to_owned()))
}

impl Path {
    /// Adds the nodes that the path names.
    fn select(&self, tree: &Tree<'_>, budget: &mut Budget, into: &mut Bits) -> Result<(), Limit> {
        let mut current = Bits::new(tree.len());
        current.set(self.from.unwrap_or_else(|| tree.root().id()));
        for step in &self.steps {
            step.charge(tree, budget)?;
            let mut next = Bits::new(tree.len());
            // Below a node of the current set.
            let mut below = Bits::new(tree.len());
            for node in tree.root().descendants() {
                let id = node.id();
                let parent = node.parent().map(Node::id);
                let child = parent.is_some_and(|parent| current.get(parent));
                if child || parent.is_some_and(|parent| below.get(parent)) {
                    below.set(id);
                }
                let reached = match step.axis {
                    Axis::Child => child,
                    Axis::Descendant => below.get(id),
                    Axis::DescendantOrSelf => current.get(id) || below.get(id),
                    Axis::NearestAncestor => {
                        if current.get(id) {
                            for above in node.ancestors().skip(1) {
                                budget.charge(Resource::DigestedBytes, 1)?;
                                if step.holds(above) {
                                    next.set(above.id());
                                    break;
                                }
                            }
                        }
                        false
                    }
                };
                if reached && step.holds(node) {
                    next.set(id);
                }
            }
            current = next;
        }
        look(tree, budget)?;
        for node in tree.root().descendants() {
            if current.get(node.id()) {
                into.set(node.id());
            }
        }
        Ok(())
    }
}

impl Step {
    /// Charges for asking every node of a tree. An attribute is looked for among all of an element.
    fn charge(&self, tree: &Tree<'_>, budget: &mut Budget) -> Result<(), Limit> {
        look(tree, budget)?;
        for condition in self.conditions.iter().flatten() {
            match condition {
                Condition::Attribute(..) => {
                    budget.charge(Resource::DigestedBytes, tree.length())?;
                }
                Condition::LocalName(_) | Condition::Namespace(_) => look(tree, budget)?,
            }
        }
        Ok(())
    }

    fn holds(&self, node: Node<'_>) -> bool {
        let named = match &self.test {
            Test::Named(test) => test.holds(node),
            Test::Any => true,
        };
        let holds = |condition: &Condition| match condition {
            Condition::Attribute(None, name, value) => node.attribute(name) == Some(value),
            Condition::Attribute(Some(namespace), name, value) => {
                node.attribute_in(namespace, name) == Some(value)
            }
            Condition::LocalName(name) => node.is_element() && node.name() == name,
            Condition::Namespace(namespace) => node.is_element() && node.namespace() == namespace,
        };
        named
            && (self.conditions.is_empty()
                || self.conditions.iter().any(|all| all.iter().all(holds)))
    }
}
