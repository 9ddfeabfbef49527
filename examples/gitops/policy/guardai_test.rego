package main

import rego.v1

test_an_empty_organization_may_be_destroyed if {
	count(deny) == 0 with input as plan([destroy({"force_destroy": false})])
}

test_no_organization_is_destroyed_with_its_data if {
	some message in deny with input as plan([destroy({"force_destroy": true})])
	contains(message, "would be destroyed with its data")
}

test_no_organization_is_replaced_with_its_data if {
	replace := object.union(destroy({"force_destroy": true}), {"change": {"actions": ["delete", "create"], "after": {}}})
	count(deny) == 1 with input as plan([replace])
}

test_no_organization_is_destroyed_with_its_files_and_members if {
	every type in {"file", "member"} {
		some message in deny with input as plan([destroy({"force_destroy": false}), part(type, "7")])
		contains(message, sprintf("would be destroyed with its files and members. Remove them in an earlier pull request: %s_of_7.", [type]))
		count(deny) == 0 with input as plan([destroy({"force_destroy": false}), part(type, "8")])
	}
}

test_a_quota_may_fall_by_half if {
	count(deny) == 0 with input as plan([update({"max_item_count": 1000}, {"max_item_count": 500})])
	count(deny) == 0 with input as plan([update({"max_item_count": null}, {"max_item_count": 500})])
}

test_no_quota_falls_by_more_than_half if {
	every quota in {"max_item_count", "max_time_allocated", "max_time_per_task"} {
		deny == {sprintf("%s would fall by more than half in organization, from 1000 to 499.", [quota])} with input as plan([update({quota: 1000}, {quota: 499})])
	}
}

test_a_negative_quota_may_stay if {
	count(deny) == 0 with input as plan([update({"max_item_count": -5}, {"max_item_count": -5})])
}

test_no_quota_falls_in_a_replacement if {
	replace := object.union(update({"max_item_count": 1000}, {"max_item_count": 1}), {"change": {"actions": ["delete", "create"]}})
	count(deny) == 1 with input as plan([replace])
}

test_no_quota_changes_unreviewed if {
	change := update({"max_item_count": 1000}, {})
	some message in deny with input as plan([object.union(change, {"change": {"after_unknown": {"max_item_count": true}}})])
	startswith(message, "max_item_count of organization isn't known before the apply")
}

test_a_feature_may_be_disabled if {
	count(deny) == 0 with input as plan([update({"disabled_features": []}, {"disabled_features": ["EVALUATION"]})])
}

test_no_feature_is_enabled_again_without_the_label if {
	enable := plan([update({"disabled_features": ["EVALUATION", "ROBUSTNESS"]}, {"disabled_features": ["ROBUSTNESS"]})])
	some message in deny with input as enable with data.labels as ["other"]
	startswith(message, "EVALUATION would be enabled again in organization.")
	count(deny) == 1 with input as enable
	count(deny) == 0 with input as enable with data.labels as ["enable-features"]
}

test_features_that_are_not_known_yet_count_as_enabled if {
	count(deny) == 1 with input as plan([update({"disabled_features": ["EVALUATION"]}, {})])
}

test_other_resources_are_left_alone if {
	other := object.union(update({"max_item_count": 1000}, {"max_item_count": 1}), {"type": "other"})
	count(deny) == 0 with input as plan([other])
}

plan(changes) := {"resource_changes": changes}

destroy(before) := resource("organization", "guardai_organization", {
	"actions": ["delete"],
	"before": object.union({"id": "7"}, before),
	"after": null,
	"after_unknown": {},
})

update(before, after) := resource("organization", "guardai_organization", {
	"actions": ["update"],
	"before": before,
	"after": after,
	"after_unknown": {},
})

part(type, organization) := resource(sprintf("%s_of_%s", [type, organization]), sprintf("guardai_organization_%s", [type]), {
	"actions": ["delete"],
	"before": {"organization_id": organization},
})

resource(address, type, change) := {"address": address, "mode": "managed", "type": type, "change": change}
