#include "ingest/mapping/mapping.h"

#include <fmt/format.h>

#include "ingest/mapping/detail/mapping_state.h"
#include "ingest/mapping/detail/row.h"
#include "ingest/mapping/detail/run.h"
#include "ingest/mapping/detail/text_line.h"

namespace winnow {

Mapping::Mapping(std::shared_ptr<const State> state) : state_(std::move(state)) {}

Result<Mapping> Mapping::compile(const Yaml& yaml) {
  WINNOW_TRY(auto read, mapping::read_mapping(yaml));
  WINNOW_TRY(auto canonical, to_canonical(yaml.json()));
  const auto digest = sha256(canonical);
  return Mapping(std::make_shared<State>(State{std::move(read), std::move(canonical), digest}));
}

Result<Mapping> Mapping::from_canonical(std::string_view bytes) {
  const auto corrupt = [](const Error& error) {
    return Error(Code::Corrupt, fmt::format("no mapping: {}", error.text()));
  };
  auto yaml = Yaml::parse(bytes, "mapping");
  if (!yaml) return corrupt(yaml.error());
  auto made = compile(*yaml);
  if (!made) return corrupt(made.error());
  if (made->canonical() != bytes) return Error(Code::Corrupt, "no mapping: not in canonical form");
  return made;
}

const std::string& Mapping::name() const { return state_->read.name; }
const std::string& Mapping::title() const { return state_->read.title; }
Domain Mapping::domain() const { return state_->read.domain; }
LogFormat Mapping::format() const { return state_->read.format; }
std::span<const MappingExample> Mapping::examples() const { return state_->read.examples; }
const std::string& Mapping::canonical() const { return state_->canonical; }
const Digest& Mapping::digest() const { return state_->digest; }

std::span<const MappedEvent> Mapping::events() const { return state_->read.events; }

struct LogReader::State {
  Mapping mapping;
  JsonScanner scanner;
  JsonScanner text_scanner;  // of texts that are JSON themselves
  mapping::RowScanner rows;
  mapping::TextScanner lines;
  bool is_line = false;  // what was scanned last is one of `lines`
  JsonCells cells;
  mapping::Run run;

  const mapping::Program& program() const { return mapping.state_->read.program; }
  Status scan(RecordForm form, std::string_view raw);
  Status scan_texts();
  std::string_view bytes(RecordForm form) const {
    if (form == RecordForm::LogJson && !is_line) return scanner.bytes();
    return program().text ? lines.bytes() : rows.bytes();
  }
  Result<const mapping::EventProgram*> find(RecordForm form, std::string_view raw);
};

Status LogReader::State::scan(RecordForm form, std::string_view raw) {
  is_line = program().text && !raw.starts_with('{');
  const bool is_whole = form == RecordForm::LogJson || form == RecordForm::LogRow;
  if (is_whole && is_line) return lines.scan(raw, program(), cells);
  if (form == RecordForm::LogJson) {
    WINNOW_TRY(scanner.scan(raw, program().selection, cells));
    return scan_texts();
  }
  if (form == RecordForm::LogRow && mapping.format() == LogFormat::JsonOrTsv)
    return rows.scan(raw, program(), cells);
  return Error(Code::InvalidArgument,
               fmt::format("'{}' does not read the form '{}'", mapping.name(), name_of(form)));
}

Status LogReader::State::scan_texts() {
  bool is_used = false;
  for (const auto& [operand, path] : program().json_texts) {
    const auto cell = cells.at(operand.place.column);
    if (cell.kind != JsonCell::Kind::Text || !cell.text.starts_with('{')) continue;
    if (is_used) return Error(Code::InvalidArgument, "two fields of the record are JSON texts");
    is_used = true;
    auto scanned = text_scanner.scan_part(cell.text, path, program().selection, cells);
    if (!scanned)
      return std::move(scanned).error().with_context(fmt::format("within '{}'", operand.path));
  }
  return {};
}

Result<const mapping::EventProgram*> LogReader::State::find(RecordForm form, std::string_view raw) {
  WINNOW_TRY(scan(form, raw));
  const auto* event = mapping::find_event(program(), cells);
  if (event != nullptr) return event;
  const auto& decides = program().switch_on;
  const auto cell = decides ? cells.at(decides->place.column) : JsonCell();
  if (!cell.has_value())
    return Error(Code::InvalidArgument, fmt::format("none of the events of '{}'", mapping.name()));
  return Error(Code::InvalidArgument,
               fmt::format("none of the events of '{}': '{}' is '{}'", mapping.name(),
                           decides->path, cell.text.substr(0, 80)));
}

LogReader::LogReader(Mapping mapping)
    : state_(std::make_unique<State>(State{std::move(mapping), {}, {}, {}, {}, false, {}, {}})) {}
LogReader::LogReader(LogReader&&) noexcept = default;
LogReader& LogReader::operator=(LogReader&&) noexcept = default;
LogReader::~LogReader() = default;

const Mapping& LogReader::mapping() const { return state_->mapping; }

bool LogReader::recognises(RecordForm form, std::string_view raw) {
  if (!state_->scan(form, raw)) return false;
  for (const auto& condition : state_->program().recognised) {
    if (!mapping::holds(condition, state_->cells)) return false;
  }
  return true;
}

Result<ocsf::Event> LogReader::read(RecordForm form, std::string_view raw, const Digest& digest,
                                    const LogOrigin& origin) {
  WINNOW_TRY(const auto* event, state_->find(form, raw));
  return state_->run.event(state_->program(), *event, state_->cells, state_->bytes(form), digest,
                           origin);
}

Result<std::size_t> LogReader::kind(RecordForm form, std::string_view raw) {
  WINNOW_TRY(const auto* event, state_->find(form, raw));
  return static_cast<std::size_t>(event - state_->program().events.data());
}

}  // namespace winnow
