#include "features/feature_vector.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/bytes.h"

namespace winnow {
namespace {

constexpr std::uint8_t kFormat = 1;

std::uint32_t bits_of(float value) {
  return std::bit_cast<std::uint32_t>(std::isnan(value) ? std::numeric_limits<float>::quiet_NaN()
                                                        : value);
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (bits_of(a[i]) != bits_of(b[i])) return false;
  }
  return true;
}

}  // namespace

bool operator==(const FeatureVector& a, const FeatureVector& b) {
  return same_bits(a.values, b.values) && a.term_buckets == b.term_buckets &&
         same_bits(a.term_values, b.term_values);
}

std::string FeatureVector::bytes() const {
  ByteWriter out;
  out.put(kFormat).put_count(values.size());
  for (const float value : values) out.put(bits_of(value));
  out.put_count(term_buckets.size());
  std::uint32_t before = 0;
  for (const auto bucket : term_buckets) {
    out.put_count(bucket - before);  // ascending: the gaps are small
    before = bucket;
  }
  // Terms of one block share their value: runs of equal values take a few bytes.
  for (std::size_t i = 0; i < term_values.size();) {
    std::size_t end = i + 1;
    while (end < term_values.size() && bits_of(term_values[end]) == bits_of(term_values[i])) ++end;
    out.put_count(end - i).put(bits_of(term_values[i]));
    i = end;
  }
  return std::move(out).bytes();
}

Result<FeatureVector> FeatureVector::from_bytes(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.get<std::uint8_t>() != kFormat)
    return Error(Code::Corrupt, "feature vector of an unknown format");
  FeatureVector vector;
  vector.values.resize(in.get_item_count(sizeof(float)));
  for (auto& value : vector.values) value = in.get<float>();
  vector.term_buckets.resize(in.get_item_count(1));
  std::uint64_t bucket = 0;
  for (std::size_t i = 0; i < vector.term_buckets.size() && in.ok(); ++i) {
    const auto gap = in.get_count();
    if ((i > 0 && gap == 0) || gap > UINT32_MAX || (bucket += gap) > UINT32_MAX) {
      return Error(Code::Corrupt, "feature vector with buckets out of order");
    }
    vector.term_buckets[i] = static_cast<std::uint32_t>(bucket);
  }
  while (in.ok() && vector.term_values.size() < vector.term_buckets.size()) {
    const auto run = in.get_count();
    if (run == 0 || run > vector.term_buckets.size() - vector.term_values.size()) {
      return Error(Code::Corrupt, "feature vector with more term values than buckets");
    }
    vector.term_values.insert(vector.term_values.end(), run, in.get<float>());
  }
  WINNOW_TRY(in.finish("feature vector"));
  if (vector.bytes() != bytes)
    return Error(Code::Corrupt, "feature vector not in its canonical form");
  return vector;
}

}  // namespace winnow
