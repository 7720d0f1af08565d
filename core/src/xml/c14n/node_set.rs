//! Which nodes.

use super::method::Comments;
use crate::error::Limit;
use crate::limits::{Budget, Resource};
use crate::xml::node::Kind;
use crate::xml::{Node, NodeId, Tree, count};

/// A set of nodes of one tree. Attributes and namespaces go with their element.
///
/// Nearly always this is everything below one node; a filter takes members out.
#[derive(Clone, Debug)]
pub struct NodeSet {
    apex: NodeId,
    comments: Comments,
    /// None: everything below the apex.
    members: Option<Bits>,
}

impl NodeSet {
    /// A node with everything below it.
    #[must_use]
    pub fn subtree(apex: NodeId, comments: Comments) -> Self {
        Self {
            apex,
            comments,
            members: None,
        }
    }

    /// The whole document.
    #[must_use]
    pub fn document(tree: &Tree<'_>, comments: Comments) -> Self {
        Self::subtree(tree.root().id(), comments)
    }

    /// The node that all members stand below, or are.
    #[must_use]
    pub fn apex(&self) -> NodeId {
        self.apex
    }

    /// What becomes of comments.
    #[must_use]
    pub fn comments(&self) -> Comments {
        self.comments
    }

    /// Whether nothing below the apex was filtered.
    pub(crate) fn is_whole(&self) -> bool {
        self.members.is_none()
    }

    /// Whether a node is a member.
    #[must_use]
    pub fn contains(&self, node: Node<'_>) -> bool {
        if self.comments == Comments::Omit && node.kind() == Kind::Comment {
            return false;
        }
        match &self.members {
            Some(members) => members.get(node.id()),
            None => node.is_within(self.apex),
        }
    }

    /// As [`Self::contains`], for a node that is known to stand below the apex.
    pub(crate) fn keeps(&self, node: Node<'_>) -> bool {
        !(self.comments == Comments::Omit && node.kind() == Kind::Comment)
            && self
                .members
                .as_ref()
                .is_none_or(|members| members.get(node.id()))
    }

    /// Keeps the members that `keep` holds for.
    ///
    /// # Errors
    /// The limit of digested octets: looking at every node is work, too.
    pub fn filter(
        &mut self,
        tree: &Tree<'_>,
        budget: &mut Budget,
        mut keep: impl FnMut(Node<'_>) -> bool,
    ) -> Result<(), Limit> {
        look(tree, budget)?;
        let mut members = Bits::new(tree.len());
        if let Some(apex) = tree.node(self.apex) {
            for node in apex.descendants() {
                if self.keeps(node) && keep(node) {
                    members.set(node.id());
                }
            }
        }
        self.members = Some(members);
        Ok(())
    }

    /// Takes out a node with everything below it.
    ///
    /// # Errors
    /// As [`Self::filter`].
    pub fn subtract(
        &mut self,
        tree: &Tree<'_>,
        budget: &mut Budget,
        subtree: NodeId,
    ) -> Result<(), Limit> {
        let within = Bits::subtree(tree, budget, subtree)?;
        self.filter(tree, budget, |node| !within.get(node.id()))
    }
}

/// Looking at a node takes as long as bringing so many octets into canonical form.
const LOOK: u64 = 4;

/// Charges for looking at every node of a tree.
///
/// # Errors
/// The limit of digested octets: filters of a few octets may look at every node again and again.
pub(crate) fn look(tree: &Tree<'_>, budget: &mut Budget) -> Result<(), Limit> {
    let work = count(tree.len()).saturating_mul(LOOK);
    budget.charge(Resource::DigestedBytes, work)
}

/// A bit for each node of a tree.
#[derive(Clone, Debug)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub(crate) fn new(nodes: usize) -> Self {
        Self(vec![0; nodes.div_ceil(64)])
    }

    /// The bits of a node and everything below it.
    pub(crate) fn subtree(
        tree: &Tree<'_>,
        budget: &mut Budget,
        apex: NodeId,
    ) -> Result<Self, Limit> {
        look(tree, budget)?;
        let mut bits = Self::new(tree.len());
        if let Some(apex) = tree.node(apex) {
            for node in apex.descendants() {
                bits.set(node.id());
            }
        }
        Ok(bits)
    }

    pub(crate) fn get(&self, id: NodeId) -> bool {
        self.0
            .get(id.index() / 64)
            .is_some_and(|word| word & (1 << (id.index() % 64)) != 0)
    }

    pub(crate) fn set(&mut self, id: NodeId) {
        if let Some(word) = self.0.get_mut(id.index() / 64) {
            *word |= 1 << (id.index() % 64);
        }
    }
}
