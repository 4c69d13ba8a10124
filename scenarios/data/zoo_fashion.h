// All test images of Fashion-MNIST out of the Debian package dataset-fashion-mnist.
#pragma once

#include "scenarios/data/zoo_fetch.h"

namespace misfire {

ZooDownload fashion_download();

}  // namespace misfire
