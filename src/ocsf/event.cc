#include "ocsf/event.h"

#include <algorithm>

#include "base/contract.h"
#include "ocsf/detail/event_state.h"
#include "ocsf/schema.h"

namespace winnow::ocsf {

Event::Event(std::unique_ptr<State> state) : state_(std::move(state)) {}
Event::~Event() = default;
Event::Event(Event&&) noexcept = default;
Event& Event::operator=(Event&&) noexcept = default;

ClassUid Event::class_uid() const { return state_->class_uid; }
Timestamp Event::time() const { return state_->time; }
const Digest& Event::raw_digest() const { return state_->raw_digest; }
Value Event::get(Attribute attribute) const { return state_->attributes.get(attribute); }
const Record& Event::attributes() const { return state_->attributes; }
std::span<const Entity> Event::entities() const { return state_->entities; }

Event Event::at(Timestamp time) && {
  state_->time = time;
  return std::move(*this);
}

namespace {

// An attribute whose path is walked from the front.
struct Branch {
  std::string_view path;  // what is left of it
  const Value* value;
};

Json nested(std::span<const Branch> branches);

Json json_of(const Record& record) {
  std::vector<Branch> branches;
  branches.reserve(record.fields().size());
  for (const auto& field : record.fields())
    branches.push_back({field.attribute.path(), &field.value});
  return nested(branches);
}

Json json_of(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::Absent:
      return {};
    case Value::Kind::Bool:
      return value.as_bool();
    case Value::Kind::Int:
      return value.as_int();
    case Value::Kind::Real:
      return value.as_real();
    case Value::Kind::Text:
      return value.as_text();
    case Value::Kind::Texts: {
      const auto texts = value.as_texts();
      return Json::array({texts.begin(), texts.end()});
    }
    case Value::Kind::Records: {
      Json records = Json::array();
      for (const auto& record : value.as_records()) records.push(json_of(record));
      return records;
    }
  }
  violate("every Kind has a JSON form", std::source_location::current());
}

// Groups the branches by their first step, in the order of first sight. A step "0" by itself makes
// a list of one: a record holds no list of records, but OCSF wants some single things as lists (a
// file's hashes). Beside others it is a key like them, as records have it that go to `unmapped`.
Json nested(std::span<const Branch> branches) {
  std::vector<std::pair<std::string_view, std::vector<Branch>>> groups;
  for (const auto& branch : branches) {
    const auto dot = branch.path.find('.');
    const auto step = branch.path.substr(0, dot);
    auto group = std::ranges::find(groups, step, [](const auto& entry) { return entry.first; });
    if (group == groups.end()) group = groups.insert(groups.end(), {step, {}});
    const auto rest =
        dot == std::string_view::npos ? std::string_view() : branch.path.substr(dot + 1);
    group->second.push_back({rest, branch.value});
  }
  Json::Object members;
  for (const auto& [step, inner] : groups) {
    const bool leaf = inner.front().path.empty();
    ensure(!leaf || inner.size() == 1, "an attribute is a value or holds others, not both");
    Json value = leaf ? json_of(*inner.front().value) : nested(inner);
    if (step == "0" && groups.size() == 1) return Json::array({std::move(value)});
    members.emplace_back(std::string(step), std::move(value));
  }
  return Json::object_of(std::move(members));
}

}  // namespace

Json Event::json(Unmapped unmapped) const {
  static const Attribute kActivityId = Attribute::of("activity_id");
  const auto& facts = facts_of(class_uid());
  const auto activity_id = get(kActivityId).as_int();

  // What every event has and no mapping sets, as attributes beside its own.
  const auto hash = raw_digest().hex();
  const Field derived[] = {
      {Attribute::of("activity_id"), Value::of(activity_id)},
      {Attribute::of("category_uid"), Value::of(std::int64_t{facts.category_uid})},
      {Attribute::of("category_name"), Value::of(facts.category_name)},
      {Attribute::of("class_uid"),
       Value::of(std::int64_t{static_cast<std::uint32_t>(class_uid())})},
      {Attribute::of("class_name"), Value::of(facts.name)},
      {Attribute::of("type_uid"), Value::of(type_uid(class_uid(), activity_id))},
      {Attribute::of("time"), Value::of(time().millis())},
      {Attribute::of("metadata.version"), Value::of(kSchemaVersion)},
      {Attribute::of("raw_data_hash.algorithm_id"), Value::of(hash_algorithm::kSha256)},
      {Attribute::of("raw_data_hash.value"), Value::of(std::string_view(hash))},
  };
  std::vector<Branch> branches;
  for (const auto& field : derived) branches.push_back({field.attribute.path(), &field.value});
  for (const auto& field : attributes().fields()) {
    const auto path = field.attribute.path();
    if (field.attribute == kActivityId) continue;
    if (unmapped == Unmapped::LeaveOut && path.starts_with("unmapped.")) continue;
    branches.push_back({path, &field.value});
  }
  return nested(branches);
}

}  // namespace winnow::ocsf
