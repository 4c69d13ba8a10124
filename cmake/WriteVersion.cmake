# cmake -DOUTPUT=... -DVERSION=... -DROOT=... -P WriteVersion.cmake: writes version.cpp with a SHA-256 over the sources.
file(GLOB_RECURSE sources RELATIVE ${ROOT}
    ${ROOT}/core/*.h ${ROOT}/harness/*.cpp ${ROOT}/harness/*.h ${ROOT}/models/*.cpp ${ROOT}/models/*.h
    ${ROOT}/perturbations/*.cpp ${ROOT}/perturbations/*.h ${ROOT}/results/*.cpp ${ROOT}/results/*.h
    ${ROOT}/scenarios/*.cpp ${ROOT}/scenarios/*.h)
list(SORT sources)
set(all "")
foreach(source IN LISTS sources)
    file(SHA256 ${ROOT}/${source} digest)
    string(APPEND all "${source} ${digest}\n")
endforeach()
string(SHA256 digest "${all}")
file(WRITE ${OUTPUT} "#include \"harness/version.h\"

namespace misfire {

std::string version() { return \"${VERSION}\"; }

std::string source_sha256() { return \"${digest}\"; }

}  // namespace misfire
")
