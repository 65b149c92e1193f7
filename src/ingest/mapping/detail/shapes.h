// Where the shapes of one source keep its fields: shippers wrap the same record differently, and a
// mapping says once what becomes of a field, wherever it stands.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/yaml.h"

namespace winnow::mapping {

class Shapes {
 public:
  // A map of `fields` (a name with the paths that have it), `within` (the objects below which any
  // other path is sought; "": the record), `json_texts` (paths whose text is a JSON object) and
  // `xml_texts` (paths whose text is the XML of a Windows event's data); null: one shape, every
  // path as written. Errors: InvalidArgument.
  static Result<Shapes> read(const Yaml& node);

  // The paths where `path`, as a mapping writes it, may stand; the items of lists are not sought.
  std::vector<std::string> forms(const std::string& path) const;
  std::span<const std::string> json_texts() const { return json_texts_; }
  std::span<const std::string> xml_texts() const { return xml_texts_; }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> fields_;
  std::vector<std::string> within_ = {""};
  std::vector<std::string> json_texts_, xml_texts_;
};

}  // namespace winnow::mapping
