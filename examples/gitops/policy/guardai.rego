# Rules that no plan may break, whoever approves it. The input is the plan as JSON.
package main

import rego.v1

# The labels of the pull request are in data.labels. This one permits a plan to enable features.
enable_label := "enable-features"

# The quotas of all organizations in the plan.
quotas contains name if {
	some change in organizations
	some name, _ in change.change.before
	startswith(name, "max_")
}

# No organization that holds data is destroyed.
#
# With force_destroy, the provider destroys an organization with all of its data and files. Without it, the provider
# refuses to destroy an organization that isn't empty. But it doesn't see files and members that the same apply has
# removed before, so this policy does.
deny contains sprintf("%s has force_destroy, and would be destroyed with its data. Remove force_destroy in an earlier pull request.", [change.address]) if {
	some change in destroyed
	change.change.before.force_destroy == true
}

deny contains sprintf("%s would be destroyed with its files and members. Remove them in an earlier pull request: %s.", [change.address, concat(", ", sort(parts))]) if {
	some change in destroyed
	parts := {part.address |
		some part in input.resource_changes
		part.type in {"guardai_organization_file", "guardai_organization_member"}
		part.change.before.organization_id == change.change.before.id
	}
	count(parts) > 0
}

# No quota falls by more than half.
deny contains sprintf("%s would fall by more than half in %s, from %v to %v.", [quota, change.address, before, after]) if {
	some change in updated
	some quota in quotas
	before := change.change.before[quota]
	after := change.change.after[quota]
	is_number(before)
	is_number(after)
	before > 0
	after * 2 < before
}

# No quota changes to a value that the plan doesn't know, such as the result of another resource, because nobody can review
# it. A quota that is removed from the configuration needs no rule: it keeps its value on the platform. But later changes to
# it there are in no plan, and nobody reviews them.
deny contains sprintf("%s of %s isn't known before the apply, so nobody can review it. It may be less than half of %v.", [quota, change.address, before]) if {
	some change in updated
	some quota in quotas
	before := change.change.before[quota]
	is_number(before)
	object.get(change.change.after_unknown, quota, false) == true
}

# No feature is enabled again without a label. Features that the plan doesn't know yet count as enabled.
deny contains sprintf("%s would be enabled again in %s. Label the pull request %q if that is intended.", [concat(", ", sort(features)), change.address, enable_label]) if {
	not permitted
	some change in updated
	before := {feature | some feature in change.change.before.disabled_features}
	after := {feature | some feature in object.get(change.change.after, "disabled_features", [])}
	features := before - after
	count(features) > 0
}

permitted if enable_label in data.labels

# A replacement is a destroy too.
destroyed contains change if {
	some change in organizations
	"delete" in change.change.actions
}

updated contains change if {
	some change in organizations
	change.change.actions != ["no-op"]
	change.change.before != null
	change.change.after != null
}

organizations contains change if {
	some change in input.resource_changes
	change.mode == "managed"
	change.type == "guardai_organization"
}
