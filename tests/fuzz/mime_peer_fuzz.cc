// Well-formed mails, drawn from the input, have the same leaves for our reader and for GMime.
#include <cstdlib>

#include <gmime/gmime.h>

#include "base/digest.h"
#include "base/utf8.h"
#include "ingest/mail/mime.h"
#include "ingest/mail/mime_decode.h"

namespace {

// Draws choices from the input, zeros after its end.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  unsigned below(unsigned bound) { return size_ == 0 ? 0 : (--size_, *data_++) % bound; }
  std::string bytes(std::size_t count) {
    std::string text;
    for (; count > 0; --count) text.push_back(static_cast<char>(below(256)));
    return text;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

void write_part(Choices& choices, int depth, std::string& out) {
  const std::string end = choices.below(2) == 0 ? "\n" : "\r\n";
  if (depth < 6 && choices.below(3) == 0) {
    const auto boundary = "b" + std::to_string(depth) + std::string(choices.below(3), 'x');
    out += "Content-Type: multipart/mixed;" + end + "\tboundary=\"" + boundary + "\"" + end + end;
    for (auto parts = choices.below(4) + 1; parts > 0; --parts) {
      out += "--" + boundary + end;
      write_part(choices, depth + 1, out);
      out += end;
    }
    out += "--" + boundary + "--" + end;
    return;
  }
  out += "Content-Type: application/x-" + std::to_string(choices.below(9)) + end;
  out += "Content-Transfer-Encoding: base64" + end + end;
  auto encoded = winnow::to_base64(choices.bytes(choices.below(120) + 1));
  for (std::size_t at = 76; at < encoded.size(); at += 76 + end.size()) encoded.insert(at, end);
  out += encoded;
}

using Leaves = std::vector<std::pair<std::string, std::string>>;

void collect(GMimeObject* object, Leaves& leaves) {
  if (GMIME_IS_MULTIPART(object)) {
    auto* multipart = GMIME_MULTIPART(object);
    for (int i = 0; i < g_mime_multipart_get_count(multipart); ++i) {
      collect(g_mime_multipart_get_part(multipart, i), leaves);
    }
  } else if (GMIME_IS_PART(object)) {
    auto* stream = g_mime_stream_mem_new();
    auto* content = g_mime_part_get_content(GMIME_PART(object));
    if (content != nullptr) g_mime_data_wrapper_write_to_stream(content, stream);
    const auto* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    char* type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object));
    leaves.emplace_back(type, std::string(reinterpret_cast<const char*>(bytes->data), bytes->len));
    g_free(type);
    g_object_unref(stream);
  }
}

Leaves read_with_gmime(const std::string& raw) {
  g_mime_init();
  auto* stream = g_mime_stream_mem_new_with_buffer(raw.data(), raw.size());
  auto* parser = g_mime_parser_new_with_stream(stream);
  auto* message = g_mime_parser_construct_message(parser, nullptr);
  Leaves leaves;
  if (message != nullptr) {
    collect(g_mime_message_get_mime_part(message), leaves);
    g_object_unref(message);
  }
  g_object_unref(parser);
  g_object_unref(stream);
  return leaves;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  std::string raw = "Subject: x\nMIME-Version: 1.0\n";
  write_part(choices, 0, raw);
  Leaves ours;
  for (const auto& part : winnow::read_mime(raw, {}).parts) {
    if (part.kind != winnow::MimePart::Kind::Leaf) continue;
    ours.emplace_back(part.type, winnow::decode_transfer(part.body, part.encoding));
  }
  if (ours != read_with_gmime(raw)) std::abort();
  return 0;
}
