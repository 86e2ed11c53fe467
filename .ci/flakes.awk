# Prints the flakes in surefire's reports: a line "FLAKY: class.test" each, and below it what the failure
# said. A live test says there who allocated what; sixty lines hold that.

function attribute(name,    value) {
  if (!match($0, " " name "=\"[^\"]*\"")) return ""
  value = substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
  gsub(/&#10;/, "\n", value)
  gsub(/&lt;/, "<", value)
  gsub(/&gt;/, ">", value)
  gsub(/&quot;/, "\"", value)
  gsub(/&apos;|&#39;/, "'", value)
  gsub(/&amp;/, "\\&", value)
  return value
}

/<testcase / { test = attribute("classname") "." attribute("name") }

/<flaky(Failure|Error)[ >]/ {
  print "FLAKY: " test
  lines = split(attribute("type") ": " attribute("message"), line, "\n")
  for (i = 1; i <= lines && i <= 60; i++) print "    " line[i]
}
