#include "ingest/mapping/mapping.h"

#include <fmt/format.h>

#include "ingest/mapping/detail/event_data.h"
#include "ingest/mapping/detail/mapping_state.h"
#include "ingest/mapping/detail/row.h"
#include "ingest/mapping/detail/run.h"
#include "ingest/mapping/detail/text_line.h"
#include "ingest/records/syslog.h"

namespace winnow {

Mapping::Mapping(std::shared_ptr<const State> state) : state_(std::move(state)) {}

Result<Mapping> Mapping::compile(const Yaml& yaml) {
  WINNOW_TRY(auto read, mapping::read_mapping(yaml));
  auto json = yaml.json();
  auto zones = Json::object();
  for (const auto& [name, rule] : read.zones) zones.set(name, rule);
  if (!read.zones.empty()) json.set("zones", std::move(zones));
  WINNOW_TRY(auto canonical, to_canonical(json));
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
std::span<const std::string> Mapping::nested_texts() const { return state_->read.nested_texts; }

std::vector<std::string> Mapping::line_fields(std::string_view line) const {
  const auto& program = state_->read.program;
  return program.text ? mapping::TextScanner().fields(line, program) : std::vector<std::string>();
}

std::string Mapping::header_line() const {
  if (format() != LogFormat::Csv) return {};
  const auto& text = *state_->read.program.text;
  return fmt::format("{}", fmt::join(text.words, std::string_view(&text.separator, 1)));
}

struct LogReader::State {
  Mapping mapping;
  JsonScanner scanner;
  JsonScanner text_scanner;  // of texts that are JSON themselves
  std::string data;          // one of these, which was written as XML
  mapping::RowScanner rows;
  mapping::TextScanner lines;
  bool is_line = false;  // what was scanned last is one of `lines`
  JsonCells cells, data_cells;
  mapping::Run run;

  const mapping::Program& program() const { return mapping.state_->read.program; }
  Status scan(RecordForm form, std::string_view raw);
  Status scan_texts();
  Status scan_event_data(std::string_view xml, const JsonSelection::Path& path);
  std::string_view bytes(RecordForm form) const {
    if (form == RecordForm::LogJson && !is_line) return scanner.bytes();
    return program().text ? lines.bytes() : rows.bytes();
  }
  Result<const mapping::EventProgram*> find(RecordForm form, std::string_view raw);
  LogOrigin origin_of(std::string_view raw, LogOrigin origin) const;
};

// A file of an appliance's events has the syslog headers that they came with.
LogOrigin LogReader::State::origin_of(std::string_view raw, LogOrigin origin) const {
  using Kind = mapping::TextShape::Kind;
  const auto kind = is_line ? program().text->kind : Kind::Pairs;
  if (kind != Kind::Cef && kind != Kind::Leef) return origin;
  const auto at =
      mapping::find_event_format(raw, kind == Kind::Cef ? mapping::kCefMark : mapping::kLeefMark);
  if (at == 0 || at == std::string_view::npos) return origin;
  const auto header = read_syslog(raw);
  if (origin.host.empty()) origin.host = header.host;
  if (!origin.time && header.time && origin.arrived) origin.time = header.time->at(*origin.arrived);
  return origin;
}

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

// Whoever keeps the data as XML often tells parts of it beside that, too: the same twice is one
// value.
Status LogReader::State::scan_event_data(std::string_view xml, const JsonSelection::Path& path) {
  WINNOW_TRY(mapping::read_event_data(xml, data));
  const auto& selection = program().selection;
  data_cells.begin(selection.single_columns(), selection.list_widths().size());
  WINNOW_TRY(text_scanner.scan_part(data, path, selection, data_cells));
  for (std::uint32_t column = 0; column < selection.single_columns(); ++column) {
    const auto cell = data_cells.at(column);
    if (!cell.has_value() || cells.put(column, cell.kind, cell.text)) continue;
    if (cells.at(column).text != cell.text)
      return Error(Code::InvalidArgument, "it says otherwise what the record says beside it");
  }
  return {};
}

Status LogReader::State::scan_texts() {
  using Form = mapping::NestedText::Form;
  bool is_used = false;
  for (const auto& [operand, path, form] : program().nested_texts) {
    const auto cell = cells.at(operand.place.column);
    const char mark = form == Form::Json ? '{' : '<';
    if (cell.kind != JsonCell::Kind::Text || !cell.text.starts_with(mark)) continue;
    if (is_used)
      return Error(Code::InvalidArgument, "two fields of the record are objects as text");
    is_used = true;
    auto scanned = form == Form::Json
                       ? text_scanner.scan_part(cell.text, path, program().selection, cells)
                       : scan_event_data(cell.text, path);
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
    : state_(std::make_unique<State>(
          State{std::move(mapping), {}, {}, {}, {}, {}, false, {}, {}, {}})) {}
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

Result<LogReader::Read> LogReader::read_kind(RecordForm form, std::string_view raw,
                                             const Digest& digest, const LogOrigin& origin) {
  WINNOW_TRY(const auto* event, state_->find(form, raw));
  const auto& program = state_->program();
  const auto said = state_->origin_of(raw, origin);
  // What the first of them lacks is the reason, where none of the next can be made either.
  std::optional<Error> lacks;
  for (; event != nullptr; event = mapping::next_event(program, state_->cells, *event)) {
    auto made =
        state_->run.event(program, *event, state_->cells, state_->bytes(form), digest, said);
    if (made)
      return Read{static_cast<std::size_t>(event - program.events.data()), std::move(*made)};
    if (!lacks) lacks = std::move(made).error();
  }
  return std::move(*lacks);
}

Result<ocsf::Event> LogReader::read(RecordForm form, std::string_view raw, const Digest& digest,
                                    const LogOrigin& origin) {
  WINNOW_TRY(auto read, read_kind(form, raw, digest, origin));
  return std::move(read.event);
}

}  // namespace winnow
