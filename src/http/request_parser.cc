#include "http/detail/request_parser.h"

#include <cstring>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include <boost/beast/http/basic_parser.hpp>

#include "base/utf8.h"

namespace winnow::http {
namespace {

namespace beast = boost::beast::http;
using Trouble = boost::beast::error_code;

constexpr std::size_t kKeptBodyBytes = 256UL << 10;  // what an idle connection keeps of its memory

std::string_view view_of(boost::beast::string_view text) { return {text.data(), text.size()}; }

Method method_of(beast::verb verb) {
  switch (verb) {
    case beast::verb::get:
      return Method::Get;
    case beast::verb::head:
      return Method::Head;
    case beast::verb::post:
      return Method::Post;
    case beast::verb::put:
      return Method::Put;
    case beast::verb::patch:
      return Method::Patch;
    case beast::verb::delete_:
      return Method::Delete;
    case beast::verb::options:
      return Method::Options;
    default:
      return Method::Other;
  }
}

// What became of the request so far; outlives the parser, which lives for one request.
struct Draft {
  Request request;
  std::array<Field, ServerOptions::kFields> fields;
  std::size_t field_count = 0;
  std::string body;  // where it does not stand in the buffer in one piece
  char* data = nullptr;
  std::size_t size = 0;
  Admission admission;
  int hosts = 0;
  bool has_head = false;
  bool has_transfer_encoding = false;
  bool expects_continue = false;
  int status = 0;  // of a refusal
  std::string_view why;
};

class Parser final : public beast::basic_parser<true> {
 public:
  Parser(Draft& draft, Handler& handler) : draft_(&draft), handler_(&handler) {
    eager(false);  // stops behind the fields
    header_limit(static_cast<std::uint32_t>(ServerOptions::kHeadBytes));
    body_limit(std::numeric_limits<std::uint64_t>::max());  // the handler says, see on_header_impl
  }

 private:
  using Text = boost::beast::string_view;

  void refuse(int status, std::string_view why, Trouble& trouble) {
    draft_->status = status;
    draft_->why = why;
    trouble = beast::error::bad_value;
  }

  // The bytes of the buffer behind `text`; null for text that the parser keeps elsewhere.
  char* own(Text text) const {
    const auto at = text.data() - draft_->data;
    const bool inside = at >= 0 && static_cast<std::size_t>(at) + text.size() <= draft_->size;
    return inside ? draft_->data + at : nullptr;
  }

  void on_request_impl(beast::verb verb, Text method, Text target, int version,
                       Trouble& trouble) override {
    trouble = {};
    version_ = version;
    auto& request = draft_->request;
    request.method = method_of(verb);
    request.method_name = view_of(method);
    request.target = view_of(target);
    const auto question = request.target.find('?');
    request.path = request.target.substr(0, question);
    request.query = question == std::string_view::npos ? std::string_view()
                                                       : request.target.substr(question + 1);
    if (!request.path.starts_with('/') && request.target != "*")
      refuse(400, "the target is not a path", trouble);
  }
  void on_response_impl(int, Text, int, Trouble&) override {}

  void on_field_impl(beast::field, Text name, Text value, Trouble& trouble) override {
    trouble = {};
    if (draft_->field_count == draft_->fields.size())
      return refuse(431, "too many fields", trouble);
    // A value over several lines (RFC 9112, section 5.2) is refused: it is not in the buffer.
    char* const own_name = own(name);
    if (own_name == nullptr || (!value.empty() && own(value) == nullptr))
      return refuse(400, "a field goes over several lines", trouble);
    for (std::size_t i = 0; i < name.size(); ++i) {
      if (own_name[i] >= 'A' && own_name[i] <= 'Z')
        own_name[i] = static_cast<char>(own_name[i] + 32);
    }
    const Field field{{own_name, name.size()}, view_of(value)};
    draft_->fields[draft_->field_count++] = field;
    draft_->hosts += field.name == "host" ? 1 : 0;
    draft_->has_transfer_encoding |= field.name == "transfer-encoding";
    if (field.name == "expect") {
      if (!equal_ignoring_ascii_case(field.value, "100-continue"))
        return refuse(417, "an expectation other than 100-continue", trouble);
      draft_->expects_continue = true;
    }
  }

  void on_header_impl(Trouble& trouble) override {
    trouble = {};
    draft_->has_head = true;
    draft_->request.fields = {draft_->fields.data(), draft_->field_count};
    if (version_ >= 11 && draft_->hosts == 0) return refuse(400, "there is no Host field", trouble);
    if (draft_->hosts > 1) return refuse(400, "there are several Host fields", trouble);
    // Beast reads such a request as one without a body; a proxy in front may not (RFC 9112, 6.1).
    if (draft_->has_transfer_encoding && !chunked())
      return refuse(501, "a transfer coding other than chunked", trouble);
    const auto& admission = draft_->admission = handler_->admit(draft_->request);
    const auto length = content_length();
    if (length && *length > admission.body_bytes)
      return refuse(admission.status, admission.why, trouble);
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>&, Trouble& trouble) override {
    trouble = {};
  }
  std::size_t on_body_impl(Text part, Trouble& trouble) override {
    trouble = {};
    const auto length = content_length();
    if (length && part.size() == *length) {
      draft_->request.body = view_of(part);  // all of it, where it stands
    } else {
      draft_->body.append(part.data(), part.size());
    }
    return part.size();
  }
  void on_chunk_header_impl(std::uint64_t size, Text, Trouble& trouble) override {
    trouble = {};
    const auto& admission = draft_->admission;
    if (size > admission.body_bytes - draft_->body.size())
      refuse(admission.status, admission.why, trouble);
  }
  std::size_t on_chunk_body_impl(std::uint64_t, Text part, Trouble& trouble) override {
    trouble = {};
    draft_->body.append(part.data(), part.size());
    return part.size();
  }
  void on_finish_impl(Trouble& trouble) override {
    trouble = {};
    if (draft_->request.body.empty()) draft_->request.body = draft_->body;
  }

  Draft* draft_;
  Handler* handler_;
  int version_ = 11;
};

// What a client hears of the parser's own errors.
std::pair<int, std::string_view> refusal_of(const Trouble& trouble) {
  if (trouble == beast::error::header_limit || trouble == beast::error::buffer_overflow)
    return {431, "the request line and fields are too long"};
  if (trouble == beast::error::bad_version) return {505, "only HTTP/1.0 and HTTP/1.1"};
  return {400, "this is no HTTP request"};
}

}  // namespace

struct RequestParser::State {
  explicit State(Handler& handler_of_requests) : handler(&handler_of_requests) {}
  Handler* handler;
  Draft draft;
  std::optional<Parser> parser;
  std::size_t used = 0;
  std::size_t head_end = 0;  // once there is a head
  bool told_to_continue = false;
};

RequestParser::RequestParser(Handler& handler) : state_(std::make_unique<State>(handler)) {}
RequestParser::~RequestParser() = default;

RequestParser::Outcome RequestParser::parse(char* data, std::size_t size, std::size_t capacity) {
  auto& state = *state_;
  auto& draft = state.draft;
  if (!state.parser) state.parser.emplace(draft, *state.handler);
  auto& parser = *state.parser;
  draft.data = data;
  draft.size = size;
  while (!parser.is_done() && state.used < size) {
    // A body that fits behind its head is read where it stands, all at once.
    const auto length = draft.has_head ? parser.content_length() : boost::none;
    const bool fits = length && draft.body.empty() && *length <= capacity - state.head_end;
    if (fits && size - state.head_end < *length) break;
    Trouble trouble;
    state.used += parser.put({data + state.used, size - state.used}, trouble);
    if (draft.has_head && state.head_end == 0) state.head_end = state.used;
    if (trouble == beast::error::need_more) break;
    if (trouble) {
      if (draft.status == 0) std::tie(draft.status, draft.why) = refusal_of(trouble);
      return Outcome::Refused;
    }
  }
  if (parser.is_done()) return Outcome::Complete;
  if (!draft.has_head && size >= ServerOptions::kHeadBytes) {
    std::tie(draft.status, draft.why) = refusal_of(beast::error::header_limit);
    return Outcome::Refused;
  }
  if (draft.has_head && draft.expects_continue && !std::exchange(state.told_to_continue, true))
    return Outcome::Continue;
  return Outcome::NeedsMore;
}

std::size_t RequestParser::compact(char* data, std::size_t size) {
  auto& state = *state_;
  if (!state.draft.has_head || state.used == state.head_end) return size;
  const auto rest = size - state.used;
  std::memmove(data + state.head_end, data + state.used, rest);
  state.used = state.head_end;
  return state.head_end + rest;
}

std::size_t RequestParser::used() const { return state_->used; }

void RequestParser::reset() {
  auto& state = *state_;
  auto& draft = state.draft;
  state.parser.reset();
  state.used = state.head_end = 0;
  state.told_to_continue = false;
  Request next;
  next.peer = draft.request.peer;
  next.is_encrypted = draft.request.is_encrypted;
  draft.request = next;
  draft.field_count = 0;
  draft.hosts = 0;
  draft.has_head = draft.has_transfer_encoding = draft.expects_continue = false;
  draft.body.clear();
  if (draft.body.capacity() > kKeptBodyBytes) draft.body.shrink_to_fit();
}

const Request& RequestParser::request() const { return state_->draft.request; }
Request& RequestParser::request() { return state_->draft.request; }
bool RequestParser::keeps_alive() const {
  const auto& parser = state_->parser;
  return parser && parser->is_header_done() && parser->keep_alive();
}
int RequestParser::status() const { return state_->draft.status; }
std::string_view RequestParser::why() const { return state_->draft.why; }

}  // namespace winnow::http
