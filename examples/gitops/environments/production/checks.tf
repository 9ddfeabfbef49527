# What is wrong in which YAML file. Without this, the CLI would drop misspelled attributes, and convert values of another
# type, such as an unquoted number in a name.
locals {
  schema = jsondecode(file("${local.folder}/organization.schema.json")).properties

  # How the types of the schema look in JSON.
  types = {
    string  = { json = "^\"", name = "a string in quotes" }
    integer = { json = "^-?[0-9]+$", name = "a whole number" }
    boolean = { json = "^(true|false)$", name = "true or false" }
    array   = { json = "^\\[(\"([^\"\\\\]|\\\\.)*\",?)*\\]$", name = "a list of strings in quotes" }
    object  = { json = "^{", name = "a map" }
  }

  # Organizations and files with the attributes that the schema allows. What isn't a map of attributes is null.
  organization_objects = {
    for path, text in local.yaml : path => { schema = local.schema, value = try(merge({}, yamldecode(text)), null) }
  }
  file_objects = merge([
    for path, o in local.organization_objects : {
      for key, file in try(merge({}, o.value.files), {}) :
      "${path}: files.${key}" => { schema = local.schema.files.additionalProperties.properties, value = try(merge({}, file), null) }
    }
  ]...)
  objects = merge(local.organization_objects, local.file_objects)

  problems = concat(
    [
      for path in fileset(local.folder, "**") : "${path}: the name must be KEY.yaml, without a subfolder, and the key of ASCII letters, digits, dots, - and _"
      if can(regex("(?i)\\.ya?ml$", path)) && !can(regex("^[0-9A-Za-z_][0-9A-Za-z._-]*\\.yaml$", path))
    ],
    [for at, o in local.objects : "${at}: not a map of attributes in YAML" if o.value == null],
    flatten([
      for at, o in local.objects : [
        for name, value in o.value : can(o.schema[name]) ? "${at}: ${name} must be ${local.types[o.schema[name].type[0]].name}" : "${at}: ${name} isn't supported; the attributes are ${join(", ", keys(o.schema))}"
        if !try(value == null || can(regex(local.types[o.schema[name].type[0]].json, jsonencode(value))), false)
      ] if o.value != null
    ]),
    flatten([
      for path, o in local.organization_objects : [
        for key in try(keys(o.value.files), []) : "${path}: files.${key}: YAML may have read the key as a number, a date or true or false; choose another key, and set name"
        if can(regex("^(true|false|-?[0-9]+([.][0-9]+)?|[0-9-]{10}T[0-9:]{8}Z)$", key))
      ]
    ]),
    flatten([
      for at, o in local.file_objects : concat(
        (lookup(o.value, "source", null) == null) == (lookup(o.value, "content", null) == null) ? ["${at}: needs either source or content"] : [],
        [for source in compact([try(tostring(o.value.source), "")]) : "${at}: source ${source} doesn't exist" if !try(fileexists(source), false)],
      ) if o.value != null
    ]),
  )
}

output "files" {
  description = "The YAML files."
  value       = keys(local.texts)

  precondition {
    condition     = length(local.problems) == 0
    error_message = join("\n", formatlist("organizations/%s.", local.problems))
  }
}
