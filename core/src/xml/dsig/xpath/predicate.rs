//! Expressions of the XPath transform.

use super::lexer::{Token, tokens};
use super::{NameTest, Parser};
use crate::error::Limit;
use crate::limits::{Budget, Resource};
use crate::xml::c14n::{Bits, NodeSet, look};
use crate::xml::node::Kind;
use crate::xml::{Node, NodeId, Tree, count};

/// A boolean expression over a node and the elements above it.
///
/// Attributes and namespaces have the same answer as their element: no test here can tell them
/// apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicate {
    atoms: Vec<Atom>,
    /// Reverse Polish, so that evaluation does not recurse.
    program: Vec<Op>,
}

#[derive(Clone, Debug, PartialEq)]
enum Atom {
    /// `ancestor-or-self::name`.
    Within(NameTest),
    /// Inside this very element.
    WithinNode(NodeId),
    Text,
    Comment,
    Instruction,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Op {
    Atom(usize),
    Not,
    And,
    Or,
}

/// Nesting of parentheses; those seen in practice have three.
const DEPTH: u32 = 16;
/// Tests of one expression: each is a walk over the document.
const ATOMS: usize = 16;

impl Predicate {
    /// Reads the content of a `ds:XPath`; none where it is not one of the known forms.
    pub(in super::super) fn parse(element: Node<'_>) -> Option<Self> {
        let text = element.only_text().ok()?;
        let tokens = tokens(&text)?;
        let mut predicate = Self {
            atoms: Vec::new(),
            program: Vec::new(),
        };
        let mut parser = Parser {
            tokens: tokens.iter(),
            context: element,
        };
        predicate.or(&mut parser, 0)?;
        (parser.peek().is_none() && predicate.atoms.len() <= ATOMS).then_some(predicate)
    }

    /// XPath 1.0 §3.4: `OrExpr ::= AndExpr ('or' AndExpr)*`.
    fn or(&mut self, parser: &mut Parser<'_, '_>, depth: u32) -> Option<()> {
        self.and(parser, depth)?;
        while parser.take_word("or") {
            self.and(parser, depth)?;
            self.program.push(Op::Or);
        }
        Some(())
    }

    fn and(&mut self, parser: &mut Parser<'_, '_>, depth: u32) -> Option<()> {
        self.test(parser, depth)?;
        while parser.take_word("and") {
            self.test(parser, depth)?;
            self.program.push(Op::And);
        }
        Some(())
    }

    fn test(&mut self, parser: &mut Parser<'_, '_>, depth: u32) -> Option<()> {
        if depth > DEPTH {
            return None;
        }
        if parser.take("(") {
            self.or(parser, depth + 1)?;
            return parser.expect(")");
        }
        if parser.axis("ancestor-or-self") {
            let atom = if parser.peek() == Some(Token::Name("", "node")) {
                parser.call("node")?;
                Atom::Always
            } else {
                Atom::Within(named(parser)?)
            };
            return self.atom(atom);
        }
        if parser.axis("self") {
            let atom = match parser.peek()? {
                Token::Name("", "text") => Atom::Text,
                Token::Name("", "comment") => Atom::Comment,
                Token::Name("", "processing-instruction") => Atom::Instruction,
                Token::Name("", "node") => Atom::Always,
                // An element's name would part it from its attributes.
                _ => return None,
            };
            parser.next();
            parser.expect("(")?;
            parser.expect(")")?;
            return self.atom(atom);
        }
        for (word, atom) in [("true", Atom::Always), ("false", Atom::Never)] {
            if parser.peek() == Some(Token::Name("", word)) {
                parser.call(word)?;
                return self.atom(atom);
            }
        }
        if parser.take_word("count") {
            return self.counts(parser);
        }
        let negates = parser.take_word("not");
        if negates || parser.take_word("boolean") {
            parser.expect("(")?;
            self.or(parser, depth + 1)?;
            parser.expect(")")?;
            if negates {
                self.program.push(Op::Not);
            }
            return Some(());
        }
        None
    }

    fn atom(&mut self, atom: Atom) -> Option<()> {
        self.program.push(Op::Atom(self.atoms.len()));
        self.atoms.push(atom);
        Some(())
    }

    /// XMLDSig §6.6.4: the set with one more node is bigger exactly if it did not hold that node.
    ///
    /// ```text
    /// count(ancestor-or-self::N | here()/ancestor::N[1]) > count(ancestor-or-self::N)
    /// count(ancestor-or-self::N) = 0
    /// ```
    fn counts(&mut self, parser: &mut Parser<'_, '_>) -> Option<()> {
        parser.expect("(")?;
        parser.axis("ancestor-or-self").then_some(())?;
        let name = named(parser)?;
        if parser.take(")") {
            let outside = match (parser.next()?, parser.next()?) {
                (Token::Sign("="), Token::Number(0)) => true,
                (Token::Sign(">"), Token::Number(0)) => false,
                _ => return None,
            };
            self.atom(Atom::Within(name))?;
            if outside {
                self.program.push(Op::Not);
            }
            return Some(());
        }
        parser.expect("|")?;
        parser.call("here")?;
        parser.expect("/")?;
        parser.axis("ancestor").then_some(())?;
        let nearest = named(parser)?;
        parser.expect("[")?;
        parser.take_token(Token::Number(1)).then_some(())?;
        parser.expect("]")?;
        parser.expect(")")?;
        let outside = match parser.next()? {
            Token::Sign(">") => true,
            Token::Sign("=") => false,
            _ => return None,
        };
        parser.take_word("count").then_some(())?;
        parser.expect("(")?;
        parser.axis("ancestor-or-self").then_some(())?;
        let again = named(parser)?;
        parser.expect(")")?;
        if name != again || name != nearest {
            return None;
        }
        let mut above = parser.context.ancestors().skip(1);
        self.atom(match above.find(|node| name.holds(*node)) {
            Some(node) => Atom::WithinNode(node.id()),
            // The union adds nothing.
            None => Atom::Always,
        })?;
        if outside {
            self.program.push(Op::Not);
        }
        Some(())
    }

    /// Keeps the members that the expression holds for.
    pub(in super::super) fn apply(
        &self,
        tree: &Tree<'_>,
        set: &mut NodeSet,
        budget: &mut Budget,
    ) -> Result<(), Limit> {
        let mut within = Vec::new();
        for atom in &self.atoms {
            look(tree, budget)?;
            let mut bits = Bits::new(tree.len());
            for node in tree.root().descendants() {
                let own = match atom {
                    Atom::Within(name) => name.holds(node),
                    Atom::WithinNode(id) => node.id() == *id,
                    _ => break,
                };
                let inherited = || node.parent().is_some_and(|parent| bits.get(parent.id()));
                if own || inherited() {
                    bits.set(node.id());
                }
            }
            within.push(bits);
        }
        let steps = count(self.program.len()).saturating_mul(count(tree.len()));
        budget.charge(Resource::DigestedBytes, steps)?;
        set.filter(tree, budget, |node| {
            let mut stack: Vec<bool> = Vec::new();
            for op in &self.program {
                let value = match op {
                    Op::Atom(place) => self.atoms.get(*place).is_some_and(|atom| match atom {
                        Atom::Within(_) | Atom::WithinNode(_) => {
                            within.get(*place).is_some_and(|bits| bits.get(node.id()))
                        }
                        Atom::Text => node.kind() == Kind::Text,
                        Atom::Comment => node.kind() == Kind::Comment,
                        Atom::Instruction => node.kind() == Kind::Instruction,
                        Atom::Always => true,
                        Atom::Never => false,
                    }),
                    Op::Not => !stack.pop().unwrap_or(true),
                    Op::And | Op::Or => {
                        let (b, a) = (stack.pop(), stack.pop());
                        let (a, b) = (a.unwrap_or(false), b.unwrap_or(false));
                        if *op == Op::And { a && b } else { a || b }
                    }
                };
                stack.push(value);
            }
            stack.pop().unwrap_or(false)
        })
    }
}

/// A name test, or `*[local-name()='…' and namespace-uri()='…']`.
fn named(parser: &mut Parser<'_, '_>) -> Option<NameTest> {
    let mut test = parser.name_test()?;
    // `[1]` belongs to the caller.
    if parser.peek() != Some(Token::Sign("["))
        || matches!(parser.peek_second(), Some(Token::Number(_)))
    {
        return Some(test);
    }
    parser.expect("[")?;
    loop {
        let word = match parser.next()? {
            Token::Name("", word) => word,
            _ => return None,
        };
        parser.expect("(")?;
        parser.expect(")")?;
        parser.expect("=")?;
        let value = Some(parser.literal()?.to_owned());
        let part = match word {
            "local-name" => &mut test.name,
            "namespace-uri" => &mut test.namespace,
            _ => return None,
        };
        if part.is_some() && *part != value {
            return None;
        }
        *part = value;
        if parser.take("]") {
            return Some(test);
        }
        parser.take_word("and").then_some(())?;
    }
}
