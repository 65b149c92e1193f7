// The program of one event over the cells of one record.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/mapping/detail/conversion.h"
#include "ingest/mapping/detail/program.h"
#include "ingest/mapping/mapping.h"

namespace winnow::mapping {

bool holds(const Condition& condition, const JsonCells& cells);
// The event that the record is; nothing where it is none of them.
const EventProgram* find_event(const Program& program, const JsonCells& cells);
// The next one whose conditions hold, for a record that lacks what `failed` needs; nothing where
// there is none. An event without conditions takes what no other claims, not what is damaged: a
// source that changes its format must not turn into something else without a word.
const EventProgram* next_event(const Program& program, const JsonCells& cells,
                               const EventProgram& failed);

// Reused from record to record. One thread at a time.
class Run {
 public:
  // `record` holds the cells' texts, but for those that had escapes.
  Result<ocsf::Event> event(const Program& program, const EventProgram& event,
                            const JsonCells& cells, std::string_view record, const Digest& digest,
                            const LogOrigin& origin);

 private:
  bool has_value(const JsonCell& cell) const;
  ocsf::Value value(const Source& source, std::size_t row, EventTexts& texts);
  ocsf::Value first(const Source& source, std::size_t row, EventTexts& texts);
  ocsf::Value looked_up(const Source& source, std::string_view text, EventTexts& texts) const;
  ocsf::Value each(const Source& source, EventTexts& texts);
  ocsf::Value converted(const JsonCell& cell, const Source& source, EventTexts& texts) const;
  bool join(const Source& source, std::size_t row);
  ocsf::Value joined(const Source& source, std::size_t row, EventTexts& texts);
  ocsf::Value sum(const Source& source, std::size_t row);
  ocsf::Value split(std::string_view text, const Source& source, EventTexts& texts);
  std::optional<Timestamp> time_of(const Source& source, std::string_view text) const;
  Result<Timestamp> time(const Source& source, const LogOrigin& origin);
  ocsf::Value value(const EventProgram& event, std::size_t assignment, const char* constants,
                    EventTexts& texts);
  ocsf::Value taken(const Step& step, const Source& source, const JsonCell& cell,
                    EventTexts& texts);
  Status read_values(const EventProgram& event, EventTexts& texts);
  Status check_objects(const EventProgram& event);
  Error lacking(const EventProgram& event, const ObjectCheck::Need& need) const;
  void move_to_spares(const EventProgram& event, const ObjectCheck& check);
  bool read_row(const RecordList& list, std::size_t which, std::size_t row, EventTexts& texts);
  void put_list(const RecordList& list, EventTexts& texts, ocsf::EventBuilder& builder);
  std::string_view joined_key(const EntityName& entity);
  void tell_origin(const LogOrigin& origin, ocsf::EventBuilder& builder) const;
  void name_entities(const EventProgram& event, ocsf::EventBuilder& builder);
  void tell_unreadable(const Operand& operand, std::string_view text);

  const Program* program_ = nullptr;
  const JsonCells* cells_ = nullptr;
  std::optional<Timestamp> arrived_;
  ocsf::Value kept(std::uint32_t assignment) const;

  Bits present_;                     // the assignments that have a value
  std::vector<ocsf::Field> fields_;  // one for each of these, in their order
  std::vector<ocsf::Field> spares_;  // what goes elsewhere
  std::vector<ocsf::Value> row_;
  std::vector<std::string_view> texts_;
  std::vector<std::string> unreadable_;
  std::string joined_;
};

}  // namespace winnow::mapping
