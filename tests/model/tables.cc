#include "tests/model/tables.h"

#include <cmath>
#include <cstdlib>
#include <sstream>

namespace winnow::testing {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> split(std::string_view line, char delimiter) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == delimiter && !quoted) {
      fields.emplace_back();
    } else {
      fields.back().push_back(c);
    }
  }
  return fields;
}

Table::Table(std::string_view text, char delimiter) {
  for (const auto& line : lines_of(text)) {
    if (header_.empty()) {
      header_ = split(line, delimiter);
      for (std::size_t i = 0; i < header_.size(); ++i) columns_[header_[i]] = i;
    } else if (!line.empty()) {
      rows_.push_back(split(line, delimiter));
    }
  }
}

const std::string& Table::cell(std::size_t row, const std::string& column) const {
  return rows_.at(row).at(columns_.at(column));
}

std::vector<std::vector<float>> numbers_of(std::string_view text, char delimiter) {
  std::vector<std::vector<float>> rows;
  for (const auto& line : lines_of(text)) {
    if (line.empty()) continue;
    auto& row = rows.emplace_back();
    for (const auto& field : split(line, delimiter)) {
      char* end = nullptr;
      const float value = std::strtof(field.c_str(), &end);
      row.push_back(end == field.c_str() ? NAN : value);
    }
  }
  return rows;
}

std::vector<std::vector<float>> libsvm_rows(std::string_view text, std::size_t columns,
                                            float absent) {
  std::vector<std::vector<float>> rows;
  for (const auto& line : lines_of(text)) {
    if (line.empty()) continue;
    auto& row = rows.emplace_back(columns, absent);
    for (const auto& field : split(line, ' ')) {
      const auto colon = field.find(':');
      if (colon == std::string::npos) continue;
      const auto index = std::stoul(field.substr(0, colon));
      if (index < columns) row[index] = std::strtof(field.c_str() + colon + 1, nullptr);
    }
  }
  return rows;
}

}  // namespace winnow::testing
