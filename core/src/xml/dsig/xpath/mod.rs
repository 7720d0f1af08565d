//! The few XPath expressions that signatures use.
//!
//! Two forms. A *predicate* (the XPath transform) is asked for every node: `not(ancestor-or-self::
//! ds:Signature)` and what can be made of such tests with `and`, `or` and `not`. A *path* (XPath
//! Filter 2.0) names subtrees: `//ds:Signature`, `/a/b[@c="d"]`, `here()/ancestor::ds:Signature[1]`.
//! Everything else is answered with "unsupported"; a general XPath would let a document choose how
//! long it is computed, and a person could not be told what was signed.
//!
//! # Standard
//! XPath 1.0 §2, §3; XMLDSig §6.6.3; XPath Filter 2.0 §3.

mod lexer;
mod path;
mod predicate;

pub use path::Filter;
pub use predicate::Predicate;

use crate::xml::Node;
use lexer::Token;

/// What an element's name must be; none: any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct NameTest {
    namespace: Option<String>,
    name: Option<String>,
}

impl NameTest {
    /// XPath 1.0 §2.3: a prefix stands for what it is bound to where the expression stands; a name
    /// without prefix is in no namespace.
    fn resolve(prefix: &str, local: &str, context: Node<'_>) -> Option<Self> {
        let namespace = match (prefix, local) {
            ("", "*") => None,
            ("", _) => Some(String::new()),
            _ => Some(context.namespace_of_prefix(prefix)?.to_owned()),
        };
        Some(Self {
            namespace,
            name: (local != "*").then(|| local.to_owned()),
        })
    }

    fn holds(&self, node: Node<'_>) -> bool {
        let fits = |wanted: &Option<String>, found: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == found)
        };
        node.is_element()
            && fits(&self.namespace, node.namespace())
            && fits(&self.name, node.name())
    }
}

/// Tokens still to be read.
struct Parser<'a, 't> {
    tokens: std::slice::Iter<'a, Token<'a>>,
    /// Where the expression stands.
    context: Node<'t>,
}

impl<'a> Parser<'a, '_> {
    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.as_slice().first().copied()
    }

    fn peek_second(&self) -> Option<Token<'a>> {
        self.tokens.as_slice().get(1).copied()
    }

    fn next(&mut self) -> Option<Token<'a>> {
        self.tokens.next().copied()
    }

    fn take(&mut self, sign: &str) -> bool {
        self.take_token(Token::Sign(sign))
    }

    fn take_word(&mut self, word: &str) -> bool {
        self.take_token(Token::Name("", word))
    }

    fn take_token(&mut self, token: Token<'_>) -> bool {
        let found = self.peek() == Some(token);
        if found {
            self.next();
        }
        found
    }

    fn expect(&mut self, sign: &str) -> Option<()> {
        self.take(sign).then_some(())
    }

    /// `word()`.
    fn call(&mut self, word: &str) -> Option<()> {
        self.take_word(word).then_some(())?;
        self.expect("(")?;
        self.expect(")")
    }

    /// `word::`, only where it follows.
    fn axis(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(Token::Name("", word))
            && self.peek_second() == Some(Token::Sign("::"));
        if found {
            self.next();
            self.next();
        }
        found
    }

    fn name_test(&mut self) -> Option<NameTest> {
        match self.next()? {
            Token::Name(prefix, local) if self.peek() != Some(Token::Sign("(")) => {
                NameTest::resolve(prefix, local, self.context)
            }
            _ => None,
        }
    }

    fn literal(&mut self) -> Option<&'a str> {
        match self.next()? {
            Token::Literal(text) => Some(text),
            _ => None,
        }
    }
}
