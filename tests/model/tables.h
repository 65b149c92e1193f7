// The tables that come with the models of other libraries: delimited text, or LIBSVM lines.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace winnow::testing {

std::vector<std::string> lines_of(std::string_view text);
std::vector<std::string> split(std::string_view line, char delimiter);  // double quotes protect

class Table {
 public:
  Table(std::string_view text, char delimiter);  // the first line names the columns

  std::size_t size() const { return rows_.size(); }
  const std::vector<std::string>& header() const { return header_; }
  const std::string& cell(std::size_t row, const std::string& column) const;

 private:
  std::vector<std::string> header_;
  std::map<std::string, std::size_t> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Rows of numbers without a header; what is not a number is NaN.
std::vector<std::vector<float>> numbers_of(std::string_view text, char delimiter);

// "label index:value ...": rows of `columns` values, absent ones `absent`; indices beyond are
// dropped.
std::vector<std::vector<float>> libsvm_rows(std::string_view text, std::size_t columns,
                                            float absent);

}  // namespace winnow::testing
