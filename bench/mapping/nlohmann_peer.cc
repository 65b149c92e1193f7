#include <nlohmann/json.hpp>

#include "bench/mapping/peers.h"

namespace winnow::bench {
namespace {

struct NlohmannDocument {
  using Value = nlohmann::json;
  static bool is_object(const Value& value) { return value.is_object(); }
  static bool is_array(const Value& value) { return value.is_array(); }
  template <typename Visit>
  static void for_each_member(const Value& object, const Visit& visit) {
    for (const auto& [name, value] : object.get_ref<const Value::object_t&>()) visit(name, value);
  }
  template <typename Visit>
  static void for_each_item(const Value& array, const Visit& visit) {
    for (const auto& item : array) visit(item);
  }
  template <typename Put>
  static void put(const Value& value, MadeTexts& texts, const Put& put) {
    using Kind = JsonCell::Kind;
    using Type = Value::value_t;
    switch (value.type()) {
      case Type::string:
        return put(Kind::Text, value.get_ref<const std::string&>());
      case Type::number_unsigned:
        return put(Kind::Number, texts.of(value.get<std::uint64_t>()));
      case Type::number_integer:
        return put(Kind::Number, texts.of(value.get<std::int64_t>()));
      case Type::number_float:
        return put(Kind::Number, texts.of(value.get<double>()));
      case Type::boolean:
        return value.get<bool>() ? put(Kind::True, "true") : put(Kind::False, "false");
      case Type::null:
        return put(Kind::Null, "null");
      default:
        return put(Kind::Whole, texts.copy_of(value.dump()));
    }
  }
};

class NlohmannPeer final : public Peer {
 public:
  bool fill(std::string_view record, const PathTree& tree, JsonCells& cells) override {
    texts_.clear();
    document_ = nlohmann::json::parse(record, nullptr, false);
    if (!document_.is_object()) return false;
    TreeWalk<NlohmannDocument>(tree, cells, texts_).walk(document_, 0);
    return true;
  }

 private:
  nlohmann::json document_;
  MadeTexts texts_;
};

}  // namespace

std::unique_ptr<Peer> nlohmann_peer() { return std::make_unique<NlohmannPeer>(); }

}  // namespace winnow::bench
