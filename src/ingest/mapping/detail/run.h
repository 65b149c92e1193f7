// The program of one event over the cells of one record.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/mapping/detail/conversion.h"
#include "ingest/mapping/detail/program.h"

namespace winnow::mapping {

bool holds(const Condition& condition, const JsonCells& cells);
// The event that the record is; nothing where it is none of them.
const EventProgram* find_event(const Program& program, const JsonCells& cells);

// Reused from record to record. One thread at a time.
class Run {
 public:
  // `record` holds the cells' texts, but for those that had escapes.
  Result<ocsf::Event> event(const Program& program, const EventProgram& event,
                            const JsonCells& cells, std::string_view record, const Digest& digest);

 private:
  bool has_value(const JsonCell& cell) const;
  ocsf::Value value(const Source& source, std::size_t row, EventTexts& texts);
  ocsf::Value first(const Source& source, std::size_t row, EventTexts& texts);
  ocsf::Value looked_up(const Source& source, std::string_view text, EventTexts& texts) const;
  ocsf::Value each(const Source& source, EventTexts& texts);
  ocsf::Value joined(const Source& source, std::size_t row, EventTexts& texts);
  ocsf::Value sum(const Source& source, std::size_t row);
  ocsf::Value split(std::string_view text, const Source& source, EventTexts& texts);
  Result<Timestamp> time(const Source& source) const;
  Status check_objects(const EventProgram& event, ocsf::EventBuilder& builder);
  bool read_row(const std::vector<Assignment>& fields, std::size_t row, EventTexts& texts);
  void put_list(const RecordList& list, EventTexts& texts, ocsf::EventBuilder& builder);
  void name_entities(const EventProgram& event, ocsf::EventBuilder& builder);
  void tell_unreadable(const Operand& operand, std::string_view text);

  const Program* program_ = nullptr;
  const JsonCells* cells_ = nullptr;
  std::vector<ocsf::Value> values_;  // by assignment
  std::vector<ocsf::Value> row_;
  std::vector<std::string_view> texts_;
  std::vector<std::string> unreadable_;
  std::string joined_;
};

}  // namespace winnow::mapping
