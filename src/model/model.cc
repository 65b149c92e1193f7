#include "model/model.h"

namespace winnow {

void Contributions::reset(std::size_t rows, std::size_t columns) {
  rows_ = rows;
  columns_ = columns;
  values_.assign(rows * (columns + 1), 0.0F);
}

}  // namespace winnow
