// What a snapshot is made of: the parameters of an import, as its owner writes them
// (content/intel/*.yaml) and as the run that made it records them.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "base/result.h"
#include "base/yaml.h"
#include "intel/indicator_list.h"
#include "intel/intel_snapshot.h"

namespace winnow {

struct IntelListSpec {
  std::string file;     // relative to the specification
  ListOptions options;  // `source` is the list's name
};

struct IntelSpec {
  std::vector<IntelListSpec> lists;
  std::vector<std::string> brand_files;  // YAML, as content/intel/brands.yaml
  // Errors: InvalidArgument, with file and line.
  static Result<IntelSpec> parse(const Yaml& yaml);
  Json json() const;  // the parameters of an import, for its run
};

// brands: [{key: paypal, names: [PayPal], domains: [paypal.com]}]. Errors: InvalidArgument, with
// file and line.
Result<std::vector<Brand>> read_brands(const Yaml& yaml);

struct IntelImport {
  std::string bytes;  // for IntelSnapshot::from_bytes
  std::vector<std::pair<std::string, ListReport>>
      reports;  // by list, in the order of the specification
};

// Reads every list below `folder` and compiles them. Domains of brands get the label "brand" and
// the source "brands". Errors: those of the files and lists, with the list's name.
Result<IntelImport> import_intel(const IntelSpec& spec, const Path& folder);

}  // namespace winnow
