//! Certificate policies, as a graph.
//!
//! RFC 5280 describes a tree whose size can grow exponentially with the length of the path.
//! RFC 9618 replaces it by a graph in which every policy stands once at every depth.

use crate::asn1::Oid;
use crate::certificate::{PolicyConstraints, PolicyInformation, PolicyMapping};
use std::collections::{BTreeMap, BTreeSet};

/// What is asked of policies at the start.
///
/// # Standard
/// RFC 5280 §6.1.1(c), (e), (f), (g).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyInputs {
    /// The policies that are acceptable; `None`: any.
    pub acceptable: Option<Vec<Oid>>,
    /// Whether a path must have a valid policy.
    pub explicit_policy: ExplicitPolicy,
    /// Whether mappings count.
    pub policy_mapping: Initially,
    /// Whether `anyPolicy` counts.
    pub any_policy: Initially,
}

/// Whether a path must have a valid policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExplicitPolicy {
    /// Only where a certificate asks for it.
    #[default]
    Optional,
    /// Always.
    Required,
}

/// Whether something counts from the first certificate on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Initially {
    /// It does.
    #[default]
    Allowed,
    /// It does not.
    Inhibited,
}

/// Content octets of an object identifier.
type Policy = Vec<u8>;
type Level = BTreeMap<Policy, Node>;

/// A policy at one depth.
#[derive(Clone, Debug, Default)]
struct Node {
    expected: BTreeSet<Policy>,
    /// Policies of the depth above.
    parents: BTreeSet<Policy>,
}

/// The state of RFC 5280 §6.1.2 that concerns policies.
#[derive(Clone, Debug)]
pub(super) struct Policies {
    any: Policy,
    acceptable: Option<BTreeSet<Policy>>,
    /// The graph, one level per depth; `None` is NULL.
    graph: Option<Vec<Level>>,
    explicit_policy: u64,
    policy_mapping: u64,
    inhibit_any: u64,
}

impl Policies {
    pub(super) fn new(inputs: &PolicyInputs, length: u64) -> Self {
        let any = Oid::from_dotted(PolicyInformation::ANY);
        let any = any.map(|oid| oid.as_content().to_vec()).unwrap_or_default();
        let acceptable = inputs.acceptable.as_ref().map(|policies| {
            let policies = policies.iter();
            policies
                .map(|oid| oid.as_content().to_vec())
                .collect::<BTreeSet<_>>()
        });
        let later = length.saturating_add(1);
        let counter = |initially| match initially {
            Initially::Allowed => later,
            Initially::Inhibited => 0,
        };
        let root = Node {
            expected: BTreeSet::from([any.clone()]),
            parents: BTreeSet::new(),
        };
        Self {
            acceptable: acceptable.filter(|policies| !policies.contains(&any)),
            graph: Some(vec![BTreeMap::from([(any.clone(), root)])]),
            explicit_policy: match inputs.explicit_policy {
                ExplicitPolicy::Optional => later,
                ExplicitPolicy::Required => 0,
            },
            policy_mapping: counter(inputs.policy_mapping),
            inhibit_any: counter(inputs.any_policy),
            any,
        }
    }

    /// RFC 5280 §6.1.3(d), (e) as RFC 9618 §5.1 has it.
    pub(super) fn certificate(
        &mut self,
        policies: Option<&[PolicyInformation]>,
        is_intermediate_self_issued: bool,
    ) {
        let (Some(graph), Some(policies)) = (self.graph.take(), policies) else {
            // (e): no policies, no graph.
            self.graph = None;
            return;
        };
        let above = graph.last().cloned().unwrap_or_default();
        let mut expecting: BTreeMap<&Policy, BTreeSet<Policy>> = BTreeMap::new();
        for (policy, node) in &above {
            for expected in &node.expected {
                expecting
                    .entry(expected)
                    .or_default()
                    .insert(policy.clone());
            }
        }
        let mut level = Level::new();
        let mut add = |policy: &Policy, parents: BTreeSet<Policy>| {
            let node = Node {
                expected: BTreeSet::from([policy.clone()]),
                parents,
            };
            level.insert(policy.clone(), node);
        };
        // (d)(1).
        let mut has_any = false;
        let mut named = BTreeSet::new();
        for policy in policies {
            let policy = policy.policy.as_content().to_vec();
            if policy == self.any {
                has_any = true;
                continue;
            }
            if let Some(parents) = expecting.get(&policy) {
                add(&policy, parents.clone());
            } else if above.contains_key(&self.any) {
                add(&policy, BTreeSet::from([self.any.clone()]));
            } else {
                continue;
            }
            named.insert(policy);
        }
        // (d)(2).
        if has_any && (self.inhibit_any > 0 || is_intermediate_self_issued) {
            for (expected, parents) in &expecting {
                if !named.contains(*expected) {
                    add(expected, parents.clone());
                }
            }
        }
        let mut graph = graph;
        graph.push(level);
        // (d)(3).
        self.graph = pruned(graph);
    }

    /// RFC 5280 §6.1.4(b) as RFC 9618 §5.2 has it.
    pub(super) fn map(&mut self, mappings: &[PolicyMapping]) {
        let Some(mut graph) = self.graph.take() else {
            return;
        };
        let mut subjects: BTreeMap<Policy, BTreeSet<Policy>> = BTreeMap::new();
        for mapping in mappings {
            let issuer = mapping.issuer_domain.as_content().to_vec();
            let subject = mapping.subject_domain.as_content().to_vec();
            subjects.entry(issuer).or_default().insert(subject);
        }
        let Some(level) = graph.last_mut() else {
            return;
        };
        // `anyPolicy` at this depth has `anyPolicy` above as its parent: that is where new nodes
        // hang.
        let above_any = level.get(&self.any).map(|node| node.parents.clone());
        for (issuer, subjects) in subjects {
            if self.policy_mapping > 0 {
                // (b)(1).
                match (level.get_mut(&issuer), &above_any) {
                    (Some(node), _) => node.expected = subjects,
                    (None, Some(parents)) => {
                        let node = Node {
                            expected: subjects,
                            parents: parents.clone(),
                        };
                        level.insert(issuer, node);
                    }
                    (None, None) => {}
                }
            } else {
                // (b)(2).
                level.remove(&issuer);
            }
        }
        self.graph = pruned(graph);
    }

    /// RFC 5280 §6.1.4(h).
    pub(super) fn count(&mut self) {
        for counter in [
            &mut self.explicit_policy,
            &mut self.policy_mapping,
            &mut self.inhibit_any,
        ] {
            *counter = counter.saturating_sub(1);
        }
    }

    /// RFC 5280 §6.1.4(i).
    pub(super) fn constrain(&mut self, constraints: PolicyConstraints) {
        if let Some(skip) = constraints.require_explicit_policy {
            self.explicit_policy = self.explicit_policy.min(skip);
        }
        if let Some(skip) = constraints.inhibit_policy_mapping {
            self.policy_mapping = self.policy_mapping.min(skip);
        }
    }

    /// RFC 5280 §6.1.4(j).
    pub(super) fn inhibit_any(&mut self, skip: u64) {
        self.inhibit_any = self.inhibit_any.min(skip);
    }

    /// RFC 5280 §6.1.5(a), (b), (g).
    pub(super) fn wrap_up(&mut self, constraints: Option<PolicyConstraints>) {
        self.explicit_policy = self.explicit_policy.saturating_sub(1);
        if constraints.is_some_and(|constraints| constraints.require_explicit_policy == Some(0)) {
            self.explicit_policy = 0;
        }
        if let Some(acceptable) = &self.acceptable
            && let Some(graph) = &self.graph
        {
            let domain = authority_domain(graph, &self.any);
            // `anyPolicy` at the end stands for every policy, thus for each acceptable one.
            let is_acceptable =
                |policy: &Policy| *policy == self.any || acceptable.contains(policy);
            if !domain.iter().any(is_acceptable) {
                self.graph = None;
            }
        }
    }

    /// RFC 5280 §6.1.3(f), §6.1.5(g).
    pub(super) fn is_required_and_missing(&self) -> bool {
        self.explicit_policy == 0 && self.graph.is_none()
    }

    /// The policies of the result (RFC 9618 §5.3): those of the anchor's domain that are
    /// acceptable.
    pub(super) fn valid(&self) -> Vec<Oid> {
        let Some(graph) = &self.graph else {
            return Vec::new();
        };
        let domain = authority_domain(graph, &self.any);
        let valid: BTreeSet<&Policy> = match &self.acceptable {
            Some(acceptable) if domain.contains(&self.any) => acceptable.iter().collect(),
            Some(acceptable) => domain.intersection(acceptable).collect(),
            None => domain.iter().collect(),
        };
        valid
            .into_iter()
            .filter_map(|policy| Oid::from_content(policy))
            .collect()
    }
}

/// The policies that hang below `anyPolicy` and lead to the last depth, as the first CA names
/// them; `anyPolicy` where it comes down to the end itself.
fn authority_domain(graph: &[Level], any: &Policy) -> BTreeSet<Policy> {
    let mut domain = BTreeSet::new();
    for level in graph.iter().skip(1) {
        for (policy, node) in level {
            if policy != any && node.parents.contains(any) {
                domain.insert(policy.clone());
            }
        }
    }
    if graph.len() > 1 && graph.last().is_some_and(|level| level.contains_key(any)) {
        domain.insert(any.clone());
    }
    domain
}

/// Deletes what has no child, from the last depth but one upwards; NULL when nothing is left.
fn pruned(mut graph: Vec<Level>) -> Option<Vec<Level>> {
    let mut needed: Option<BTreeSet<Policy>> = None;
    for level in graph.iter_mut().rev() {
        if let Some(needed) = &needed {
            level.retain(|policy, _| needed.contains(policy));
        }
        let parents = level.values().flat_map(|node| node.parents.iter().cloned());
        needed = Some(parents.collect());
        if level.is_empty() {
            return None;
        }
    }
    Some(graph)
}
