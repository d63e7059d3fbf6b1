api-docs-title = API
api-docs-heading = REST API
api-docs-contents = Contents
api-docs-about = Getting started
api-docs-document = OpenAPI document
# $scope (String) - read, write or admin
api-docs-scope = scope { $scope }
api-docs-name = Name
api-docs-type = Type
api-docs-meaning = Description
api-docs-required = required
# $of (String) - an operation
api-docs-parameters = Parameters of { $of }
# $of (String) - an operation
api-docs-body = Body of { $of }
# $of (String) - an object
api-docs-fields = Fields of { $of }
# $status (String) - an HTTP status
api-docs-returns = Returns { $status }
# $status (String) - an HTTP status
# $object (String) - what comes back
api-docs-returns-object = Returns { $status } with { $object }
api-docs-sample-request = Sample request
api-docs-sample-answer = Sample response
api-docs-objects = Objects
api-docs-errors = Errors
api-docs-errors-note = A code never changes. The title and the detail may, and the detail follows Accept-Language.
api-docs-code = Code
api-docs-status = Status
