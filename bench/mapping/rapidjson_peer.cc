#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "bench/mapping/peers.h"

namespace winnow::bench {
namespace {

using Pool = rapidjson::MemoryPoolAllocator<>;
using Parsed = rapidjson::GenericDocument<rapidjson::UTF8<>, Pool, Pool>;

struct RapidDocument {
  using Value = rapidjson::Value;
  static bool is_object(const Value& value) { return value.IsObject(); }
  static bool is_array(const Value& value) { return value.IsArray(); }
  template <typename Visit>
  static void for_each_member(const Value& object, const Visit& visit) {
    for (const auto& member : object.GetObject())
      visit({member.name.GetString(), member.name.GetStringLength()}, member.value);
  }
  template <typename Visit>
  static void for_each_item(const Value& array, const Visit& visit) {
    for (const auto& item : array.GetArray()) visit(item);
  }
  template <typename Put>
  static void put(const Value& value, MadeTexts& texts, const Put& put) {
    using Kind = JsonCell::Kind;
    if (value.IsString()) return put(Kind::Text, {value.GetString(), value.GetStringLength()});
    if (value.IsUint64()) return put(Kind::Number, texts.of(value.GetUint64()));
    if (value.IsInt64()) return put(Kind::Number, texts.of(value.GetInt64()));
    if (value.IsDouble()) return put(Kind::Number, texts.of(value.GetDouble()));
    if (value.IsBool()) {
      return value.IsTrue() ? put(Kind::True, "true") : put(Kind::False, "false");
    }
    if (value.IsNull()) return put(Kind::Null, "null");
    rapidjson::StringBuffer text;
    rapidjson::Writer<rapidjson::StringBuffer> writer(text);
    value.Accept(writer);
    put(Kind::Whole, texts.copy_of({text.GetString(), text.GetSize()}));
  }
};

class RapidPeer final : public Peer {
 public:
  bool fill(std::string_view record, const PathTree& tree, JsonCells& cells) override {
    document_.SetNull();  // its values must be gone before their pool is used again
    values_.Clear();
    stack_.Clear();
    texts_.clear();
    document_.Parse(record.data(), record.size());
    if (document_.HasParseError() || !document_.IsObject()) return false;
    TreeWalk<RapidDocument>(tree, cells, texts_).walk(document_, 0);
    return true;
  }

 private:
  static constexpr std::size_t kPoolBytes = 1UL << 20, kStackBytes = 16UL << 10;
  std::string values_bytes_ = std::string(kPoolBytes, '\0');
  std::string stack_bytes_ = std::string(kPoolBytes, '\0');
  Pool values_{values_bytes_.data(), kPoolBytes};
  Pool stack_{stack_bytes_.data(), kPoolBytes};
  Parsed document_{&values_, kStackBytes, &stack_};
  MadeTexts texts_;
};

}  // namespace

std::unique_ptr<Peer> rapidjson_peer() { return std::make_unique<RapidPeer>(); }

}  // namespace winnow::bench
