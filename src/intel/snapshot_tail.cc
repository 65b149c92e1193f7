#include "intel/detail/snapshot_tail.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/bytes.h"

namespace winnow::detail {
namespace {

void put_texts(ByteWriter& out, const std::vector<std::string>& texts) {
  out.put_count(texts.size());
  for (const auto& text : texts) out.put_text(text);
}

std::vector<std::string> get_texts(ByteReader& in) {
  std::vector<std::string> texts(in.get_item_count(1));
  for (auto& text : texts) text = in.get_text();
  return texts;
}

// Sorts by name; equal ones are kept once.
template <typename T, typename Name>
Status sort_unique(std::vector<T>& items, Name name, std::string_view what) {
  std::ranges::sort(items, {}, name);
  const auto repeated = std::ranges::unique(items);
  items.erase(repeated.begin(), repeated.end());
  const auto clash = std::ranges::adjacent_find(items, {}, name);
  if (clash == items.end()) return {};
  return Error(Code::InvalidArgument,
               fmt::format("two different {} are called '{}'", what, std::invoke(name, *clash)));
}

}  // namespace

Result<std::string> write_tail(std::vector<Brand> brands, std::vector<IntelList> lists) {
  WINNOW_TRY(sort_unique(brands, &Brand::key, "brands"));
  WINNOW_TRY(sort_unique(lists, &IntelList::name, "lists"));
  ByteWriter out;
  out.put_count(brands.size());
  for (const auto& brand : brands) {
    out.put_text(brand.key);
    put_texts(out, brand.names);
    put_texts(out, brand.domains);
  }
  out.put_count(lists.size());
  for (const auto& list : lists) {
    out.put_text(list.name).put_text(list.format);
    put_texts(out, list.labels);
    out.put_raw(list.digest.as_text()).put_count(list.indicators).put_count(list.refused);
  }
  return std::move(out).bytes();
}

Result<SnapshotTail> read_tail(std::string_view bytes) {
  ByteReader in(bytes);
  SnapshotTail tail;
  tail.brands.resize(in.get_item_count(3));
  for (auto& brand : tail.brands) {
    brand.key = in.get_text();
    brand.names = get_texts(in);
    brand.domains = get_texts(in);
  }
  tail.lists.resize(in.get_item_count(Digest::kBytes));
  for (auto& list : tail.lists) {
    list.name = in.get_text();
    list.format = in.get_text();
    list.labels = get_texts(in);
    const auto digest = in.get_raw(Digest::kBytes);
    if (digest.size() == Digest::kBytes) {
      list.digest = Digest(std::span<const std::uint8_t, Digest::kBytes>(
          reinterpret_cast<const std::uint8_t*>(digest.data()), Digest::kBytes));
    }
    list.indicators = in.get_count();
    list.refused = in.get_count();
  }
  WINNOW_TRY(in.finish("the intel snapshot's list of sources"));
  return tail;
}

}  // namespace winnow::detail
