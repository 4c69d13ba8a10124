# cmake -DOUTPUT=x.cpp "-DFILES=a;b" -P EmbedFiles.cmake: the files' bytes as a C++ source behind results/report/embedded.h.
set(arrays "")
set(cases "")
set(index 0)
foreach(file IN LISTS FILES)
    get_filename_component(name ${file} NAME)
    file(READ ${file} bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND arrays "// ${name}\nconst unsigned char bytes_${index}[] = {${bytes}};\n")
    string(APPEND cases "    if (name == \"${name}\") return {reinterpret_cast<const char*>(bytes_${index}), sizeof bytes_${index}};\n")
    math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUTPUT} "#include \"results/report/embedded.h\"

namespace misfire::report {

namespace {

${arrays}
}  // namespace

std::string_view embedded_file(std::string_view name) {
${cases}    return {};
}

}  // namespace misfire::report
")
